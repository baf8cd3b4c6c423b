#!/usr/bin/env node
// Imports the rest only on a Node.js that can run it: an older one would fail somewhere without saying why. So nothing
// here is newer than modules themselves, not even `await`.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
  void import('./commands/run.js').then(({ runCommand }) => runCommand(process.argv.slice(2)));
} else {
  process.stderr.write(
    `busbar: needs Node.js 20.19, 22.12 or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
}
