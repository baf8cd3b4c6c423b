import { run, setup } from './setup.mjs';

setup();
process.exitCode = run(process.execPath, ['bench/run.mjs', ...process.argv.slice(2)]);
