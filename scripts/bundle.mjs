// Bundles the library: one file for each way to import it and for each program that it starts, and chunks that they
// share. A hundred small files would take longer to load than all that is in them. The types stay file by file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './setup.mjs';

const library = join(root, 'packages', 'busbar');
const dist = join(library, 'dist');
/** What the library itself loads by its file name. */
const programs = ['transport/serial/process', 'transport/serial/remote'];

const { outputFiles } = buildSync({
  entryPoints: [...publicFiles(), ...programs].map((name) => join(library, 'src', `${name}.ts`)),
  outbase: join(library, 'src'),
  outdir: dist,
  chunkNames: 'chunks/[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  // The names stay, and the lines stay short, so that a stack trace tells something without the source maps, too.
  minifyWhitespace: true,
  lineLimit: 120,
  sourcemap: 'linked',
  write: false,
});
const bundled = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
for (const file of builtFiles()) if (!bundled.has(file)) rmSync(file);
for (const [file, contents] of bundled) {
  if (existsSync(file) && readFileSync(file).equals(contents)) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

/** The modules that package.json exports, without their extensions. */
function publicFiles() {
  const { exports } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((target) => {
    const file = /^\.\/dist\/(.*)\.js$/.exec(target.default ?? target);
    return file ? [file[1]] : [];
  });
}

/** The JavaScript of this build and of earlier ones. */
function builtFiles() {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) => join(dist, name));
  return files.filter((file) => /\.js(\.map)?$/.test(file));
}
