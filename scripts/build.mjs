import { setup } from './setup.mjs';

setup();
console.log(
  'Built: packages/busbar/dist (library), packages/simulator/dist (simulator), packages/cli/dist/main.js (command, with its console).',
);
