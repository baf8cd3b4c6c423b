// Bundles the packages: one file for each way to import them and for each program, and chunks that these share. A hundred
// small files would take longer to load than all that is in them. The types get as many files.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { root } from './setup.mjs';

/**
 * `programs`: what is started or loaded by its file name. `groups`: chunks that are made as told; few files load sooner
 * than many.
 * @type {Record<string, { programs: string[], groups: import('rolldown').CodeSplittingGroup[] }>}
 */
const packages = {
  busbar: {
    programs: ['transport/serial/process', 'transport/serial/remote'],
    // Apart is only what is large, and not needed for every way to import the library: `busbar/protocol` needs the first
    // alone, and all servers but that over TLS need these two.
    groups: [
      { name: 'protocol', test: /busbar\/src\/(protocol\/|framing\/|(?!index|testing)[\w-]+\.ts)/ },
      {
        name: 'server',
        test: /busbar\/src\/(access\/|data\/|functions\/|server\/|servers\/(?!tls|start)|transport\/(?!tls|serial\/(process|remote)))/,
      },
    ],
  },
  simulator: { programs: [], groups: [] },
  // These read files of the package by a path from their own.
  cli: {
    programs: ['main'],
    groups: [{ name: 'package', test: /cli\/src\/(ground\/(version|package-files)|templates\/)/ }],
  },
};

/** Stack traces, and programs that print what they got, show these. */
const keepNames = { function: true, class: true };

for (const name of Object.keys(packages)) await bundle(name);

/** @param {string} name */
async function bundle(name) {
  const folder = join(root, 'packages', name);
  const dist = join(folder, 'dist');
  const { programs, groups } = packages[name];
  const entries = publicFiles(folder);
  const output = [
    ...(await bundleScripts(join(folder, 'src'), [...entries, ...programs], groups)),
    ...(entries.length === 0 ? [] : await bundleTypes(join(folder, 'build'), entries)),
  ];
  const files = new Map(output.map(({ fileName, code }) => [join(dist, fileName), code]));
  // What is in dist/console is made by console.mjs.
  const isOurs = (file) => !file.startsWith(join(dist, 'console'));
  for (const file of filesIn(dist).filter(isOurs)) if (!files.has(file)) rmSync(file);
  for (const [file, code] of files) writeIfNew(file, code);
}

/**
 * The modules that package.json exports, without their extensions.
 * @param {string} folder
 */
function publicFiles(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((target) => {
    const file = /^\.\/dist\/(.*)\.js$/.exec(target.default ?? target);
    return file ? [file[1]] : [];
  });
}

/**
 * @param {string} folder
 * @param {string[]} entries
 * @param {import('rolldown').CodeSplittingGroup[]} groups
 */
function bundleScripts(folder, entries, groups) {
  return generate(
    {
      input: inputsOf(folder, entries, '.ts'),
      platform: 'node',
      resolve: { extensionAlias: { '.js': ['.ts'] } },
      transform: { target: 'node20.19' },
      experimental: { attachDebugInfo: 'none' },
      // What several chunks load late may be a part of the first of them.
      checks: { ineffectiveDynamicImport: false },
    },
    {
      chunkFileNames: 'chunks/[name].js',
      codeSplitting: { groups },
      // A stack trace must tell something without source maps, which would be larger than all else: statements keep
      // their lines, and classes, functions and methods their names.
      comments: false,
      minify: {
        compress: { keepNames },
        mangle: { keepNames },
        codegen: { removeWhitespace: false },
      },
    },
  );
}

/**
 * @param {string} folder of the declarations, file by file.
 * @param {string[]} entries
 */
function bundleTypes(folder, entries) {
  return generate(
    { input: inputsOf(folder, entries, '.d.ts'), plugins: [dts({ dtsInput: true })] },
    { chunkFileNames: 'chunks/[name].d.ts' },
  );
}

/**
 * @param {string} folder
 * @param {string[]} names
 * @param {string} extension
 */
function inputsOf(folder, names, extension) {
  return Object.fromEntries(names.map((name) => [name, join(folder, `${name}${extension}`)]));
}

/**
 * @param {import('rolldown').InputOptions} input
 * @param {import('rolldown').OutputOptions} output
 */
async function generate(input, output) {
  const build = await rolldown({ ...input, external: (id) => !id.startsWith('.') && !isAbsolute(id) });
  const result = await build.generate(output);
  await build.close();
  return result.output.filter((file) => file.type === 'chunk');
}

/** @param {string} folder */
function filesIn(folder) {
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/**
 * @param {string} file
 * @param {string} text
 */
function writeIfNew(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
