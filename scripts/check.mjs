// Everything that can be judged without running it: style, layers, types, packaging, unused code.
import { runTool, setup } from './setup.mjs';

const checks = [
  { title: 'Lint and format (biome)', file: '@biomejs/biome/bin/biome', args: ['ci', '.'] },
  { title: 'Types of everything (tsc)', file: 'typescript/bin/tsc', args: ['-b'] },
  {
    title: 'Published types, every file (tsc)',
    file: 'typescript/bin/tsc',
    args: ['-p', 'tsconfig.declarations.json'],
  },
  { title: 'Package busbar (publint)', file: 'publint/src/cli.js', args: ['--strict', 'packages/busbar'] },
  { title: 'Package busbar-simulator (publint)', file: 'publint/src/cli.js', args: ['--strict', 'packages/simulator'] },
  { title: 'Package busbar-cli (publint)', file: 'publint/src/cli.js', args: ['--strict', 'packages/cli'] },
  {
    title: 'Types of busbar (are the types wrong)',
    file: '@arethetypeswrong/cli/dist/index.js',
    args: ['--pack', 'packages/busbar', '--profile', 'esm-only'],
  },
  {
    title: 'Types of busbar-simulator (are the types wrong)',
    file: '@arethetypeswrong/cli/dist/index.js',
    args: ['--pack', 'packages/simulator', '--profile', 'esm-only'],
  },
  {
    title: 'Types of busbar-cli (are the types wrong)',
    file: '@arethetypeswrong/cli/dist/index.js',
    args: ['--pack', 'packages/cli', '--profile', 'esm-only'],
  },
  { title: 'Unused files, exports and dependencies (knip)', file: 'knip/bin/knip.js', args: [] },
];

setup();
const failed = checks.filter(({ title, file, args }) => {
  console.log(`\n== ${title}`);
  return runTool(file, args) !== 0;
});
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map(({ title }) => title).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
