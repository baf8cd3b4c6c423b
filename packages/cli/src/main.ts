#!/usr/bin/env node
// Imports the rest only on a Node.js that can run it: an older one would fail somewhere without saying why. So nothing
// here is newer than modules themselves, not even `await`.
const OLDEST = [20, 19] as const;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  void import('./commands/run.js').then(({ runCommand }) => runCommand(process.argv.slice(2)));
} else {
  process.stderr.write(
    `busbar: needs Node.js ${OLDEST.join('.')} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
}
