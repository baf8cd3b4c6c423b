// The property and fuzz tests again, with many more cases than the default run takes.
import { runTool, setup } from './setup.mjs';

setup();
const env = { ...process.env, SOAK: '1' };
process.exitCode = runTool('vitest/vitest.mjs', ['run', '--project', 'unit', 'soak', ...process.argv.slice(2)], {
  env,
});
