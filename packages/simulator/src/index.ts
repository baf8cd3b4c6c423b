export { parseDuration } from './duration.js';
export { Random } from './random.js';
