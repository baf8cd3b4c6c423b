import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './document.js';
import { temporaryFolder } from './folder.js';
import { type Finished, run, runChecked } from './process.js';

/** A package as the registry would give it. */
interface Packed {
  readonly name: string;
  /** The tarball, in the project's folder. */
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Number of its files. */
  readonly entryCount: number;
}

/** A project of a user: an empty folder with the packed packages installed, as the registry would give them. */
export interface PackedProject {
  readonly path: string;
  readonly packages: readonly Packed[];
  write(file: string, text: string): void;
  /** Runs a file of the project with Node.js. */
  node(file: string, ...args: string[]): Promise<Finished>;
  /** The compiler's complaints about the project. */
  compile(config: string): Promise<string>;
  remove(): void;
}

export async function createPackedProject(): Promise<PackedProject> {
  const { path, remove } = temporaryFolder();
  const inProject = (file: string) => join(path, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(inProject(file)), { recursive: true });
    writeFileSync(inProject(file), text);
  };
  let packages: readonly Packed[];
  try {
    write('package.json', JSON.stringify({ private: true, type: 'module' }));
    packages = await installPackages(path);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    path,
    packages,
    write,
    remove,
    node: (file, ...args) => run(process.execPath, [inProject(file), ...args]),
    compile: async (config) => {
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      return (await run(process.execPath, [compiler, '-p', inProject(config)])).stdout;
    },
  };
}

async function installPackages(folder: string): Promise<readonly Packed[]> {
  const packages = await pack(folder);
  const [library, command] = ['busbar', 'busbar-cli'].map((name) =>
    join(folder, packages.find((each) => each.name === name)?.filename ?? `no ${name}`),
  );
  await npm(['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', library]);
  // What the command depends on would have to be fetched: it is taken from here.
  const unpacked = join(folder, 'node_modules', 'busbar-cli');
  mkdirSync(unpacked);
  await runChecked('tar', ['-xzf', command, '-C', unpacked, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) if (name !== 'busbar') link(name, folder);
  link('@types/node', folder);
  return packages;
}

async function pack(folder: string): Promise<Packed[]> {
  return JSON.parse(await npm(['pack', '--prefix', root, '--json', '--pack-destination', folder, '--workspaces']));
}

function npm(args: string[]): Promise<string> {
  return runChecked('npm', args);
}

/** Gives the project a package that is installed here: the version of the command, where there are several. */
export function link(name: string, folder: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  const own = join(root, 'packages/cli/node_modules', name);
  symlinkSync(existsSync(own) ? own : join(root, 'node_modules', name), target);
}
