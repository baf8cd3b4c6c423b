import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CustomFunction, checkServerOptions, formatPath, OptionsError, type ServerOptions } from 'busbar';
import { valueAt } from '../config/parts.js';
import { ConfigError } from '../config/problems.js';
import type { Source } from '../config/source.js';
import { fileState } from '../ground/file-state.js';
import { fileProblem, readFile } from '../ground/files.js';
import { didYouMean } from '../ground/suggest.js';
import { importFailure, thrownAt } from '../ground/thrown.js';

/** The code that a config names as its `module`: the default export of a file. */
export interface CodeOf<Device> {
  /** Custom functions of all servers. */
  readonly functions?: readonly CustomFunction[] | undefined;
  /** Hooks around the requests of all servers. */
  readonly handler?: ServerOptions['handler'];
  /** Called before the listeners open; and again, after `stop`, when a reload has replaced units. It may be async. */
  start?(device: Device): unknown;
  /** Called after the listeners have closed, and before `start` is called again. It may be async. */
  stop?(device: Device): unknown;
}

const KEYS = ['functions', 'handler', 'start', 'stop'];

/** A function of a module has failed. `message` has the file and the place. */
export class ModuleError extends Error {
  override name = 'ModuleError';
}

/** A module while it is used. */
export class LoadedModule<Device> {
  /** As the config names it. */
  readonly name: string;
  readonly file: string;
  readonly code: CodeOf<Device>;
  /** Of the file when it was read. */
  readonly state: string;

  private constructor(name: string, file: string, state: string, code: CodeOf<Device>) {
    this.name = name;
    this.file = file;
    this.state = state;
    this.code = code;
  }

  /** Imports and checks the module that a config names, if it names one. @throws ConfigError @internal */
  static async of<Device>(source: Source, config: string): Promise<LoadedModule<Device> | undefined> {
    const name = valueAt(source.value, 'module');
    if (typeof name !== 'string' || name === '') return undefined;
    const file = resolve(dirname(config), name);
    const refuse = (message: string) => new ConfigError(config, source.place([{ path: ['module'], message }]));
    const state = fileState(file);
    const code = codeOf<Device>(await imported(file, name, refuse), name, refuse);
    return new LoadedModule(name, file, state, code);
  }

  /** Whether a config names another module by now, or the file has changed. */
  isOutdated(name: string | undefined): boolean {
    return name !== this.name || fileState(this.file) !== this.state;
  }

  /** Calls one of its functions. @throws ModuleError */
  async call(name: 'start' | 'stop', device: Device): Promise<void> {
    try {
      await this.code[name]?.(device);
    } catch (error) {
      const { place = this.name, message } = thrownAt(error, this.file);
      throw new ModuleError(`${place}: ${name} of the module has failed: ${message}`, { cause: error });
    }
  }
}

type Refuse = (message: string) => ConfigError;

async function imported(file: string, name: string, refuse: Refuse): Promise<unknown> {
  try {
    // Node.js words a missing file as a missing module, with the stack of all imports.
    readFile(file);
  } catch (error) {
    throw refuse(`${name} can't be read: ${fileProblem(error)}`);
  }
  try {
    return valueAt(await import(pathToFileURL(file).href), 'default');
  } catch (error) {
    const { place = name, message } = importFailure(error, file);
    throw refuse(`${place}: ${message}`);
  }
}

/** A function alone is what is to be done at the start. */
function codeOf<Device>(exported: unknown, name: string, refuse: Refuse): CodeOf<Device> {
  if (isFunction(exported)) return { start: exported };
  if (typeof exported !== 'object' || exported === null) {
    throw refuse(`${name}: expected a default export with ${KEYS.join(', ')}, found ${found(exported)}`);
  }
  const unknown = Object.keys(exported).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw refuse(`${name}: unknown "${unknown}" in the default export${didYouMean(unknown, KEYS)}`);
  }
  const code = exported as CodeOf<Device>;
  for (const key of ['start', 'stop'] as const) {
    if (code[key] !== undefined && !isFunction(code[key])) throw refuse(`${name}: ${key}: expected a function`);
  }
  checkOptions(code, name, refuse);
  return code;
}

function checkOptions({ functions, handler }: CodeOf<never>, name: string, refuse: Refuse): void {
  try {
    checkServerOptions({ customFunctions: functions, handler });
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    const problems = error.problems.map(({ path, problem }) => `${formatPath(renamed(path))}: ${problem}`);
    throw refuse(`${name}: ${problems.join('; ')}`);
  }
}

function renamed([first, ...rest]: readonly (string | number)[]): (string | number)[] {
  return [first === 'customFunctions' ? 'functions' : (first ?? ''), ...rest];
}

function isFunction(value: unknown): value is (device: unknown) => unknown {
  return typeof value === 'function';
}

function found(exported: unknown): string {
  return exported === undefined ? 'none' : String(exported);
}
