// The property and fuzz tests again, with many more cases than the default run takes, and many more rounds of servers
// that share an image while Redis, the network and they themselves fail.
import { ensureNodeWithSqlite } from './node-binaries.mjs';
import { runTool, setup } from './setup.mjs';
import { ensureSystemTools } from './system-tools.mjs';

setup();
ensureSystemTools();
ensureNodeWithSqlite();
const env = { ...process.env, SOAK: '1' };
process.exitCode = runTool('vitest/vitest.mjs', ['run', 'soak', ...process.argv.slice(2)], { env });
