import { runTool, setup } from './setup.mjs';
import { ensureSystemTools } from './system-tools.mjs';

setup();
ensureSystemTools();
process.exitCode = runTool('vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);
