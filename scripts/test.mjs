import { ensureNodeWithSqlite } from './node-binaries.mjs';
import { runTool, setup } from './setup.mjs';
import { ensureSystemTools } from './system-tools.mjs';

setup();
ensureSystemTools();
ensureNodeWithSqlite();
process.exitCode = runTool('vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);
