import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const library = fileURLToPath(new URL('packages/busbar/src', import.meta.url));

const simulator = fileURLToPath(new URL('packages/simulator/src/index.ts', import.meta.url));

// Tests see the sources of the library and the simulator under their package names, so that their own tests need no
// build.
const alias = [
  { find: /^busbar-simulator$/, replacement: simulator },
  { find: /^busbar$/, replacement: `${library}/index.ts` },
  { find: /^busbar\/sync$/, replacement: `${library}/sync/index.ts` },
  { find: /^busbar\/storage$/, replacement: `${library}/storage/index.ts` },
  { find: /^busbar\/sharing$/, replacement: `${library}/sharing/index.ts` },
  { find: /^busbar\/protocol$/, replacement: `${library}/protocol/index.ts` },
  { find: /^busbar\/monitor$/, replacement: `${library}/monitor/index.ts` },
  { find: /^busbar\/testing$/, replacement: `${library}/testing.ts` },
  { find: /^busbar\/([a-z]+)$/, replacement: `${library}/servers/$1.ts` },
];

export default defineConfig({
  test: {
    reporters: ['default', './scripts/tally-reporter.mjs'],
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts'],
          maxWorkers: 2,
          // A bound for what hangs; generous, because no test is about the machine's speed.
          testTimeout: process.env.SOAK ? 900_000 : 30_000,
          // How long expect.poll waits for what never comes: a second, as by default, passes on a busy machine.
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        // The built command against foreign programs: one file at a time, after everything else.
        resolve: { alias },
        test: {
          name: 'interop',
          include: ['interop/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
