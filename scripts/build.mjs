import { setup } from './setup.mjs';

setup();
console.log('Built: packages/busbar/dist (library), packages/cli/dist/main.js (command).');
