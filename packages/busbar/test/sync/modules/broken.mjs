throw new Error('can not be loaded');
