import { dirname } from 'node:path';
import type { SimulatorOptions } from 'busbar-simulator';
import { defaultFile } from '../config/default-file.js';
import { namedFiles } from '../config/named-files.js';
import { placeListeners, type Setup, testSetup } from '../config/setup.js';
import { DASH, shownName, wholeFileError } from '../config/text.js';
import { fileState } from '../ground/file-state.js';
import type { ReadFiles } from '../ground/file-watch.js';
import type { GivenListener } from '../listeners/given.js';
import type { GivenOptions } from '../listeners/server.js';
import { LoadedModule } from './module.js';

/** What is asked for. */
export interface Order {
  /** The config file; undefined: that of the current folder if there is one, else the test device. */
  readonly file?: string | undefined;
  /** Listeners in place of those of the config. */
  readonly listeners?: readonly GivenListener[];
  /** Whether a serial port that is missing at the start is waited for. */
  readonly wait?: boolean;
  /** In place of those of the config. */
  readonly simulation?: SimulatorOptions;
}

/** What a config becomes: checked and ready to be served. */
export interface Loaded<Device> {
  readonly setup: Setup;
  readonly module: LoadedModule<Device> | undefined;
  /** All that was read. */
  readonly files: ReadFiles;
}

/**
 * Reads, checks and sets up a config. @param running what is in use already: modules are imported only once.
 * @throws ConfigError, UsageError
 */
export async function setUp<Device>(order: Order, running?: Pick<Loaded<Device>, 'module'>): Promise<Loaded<Device>> {
  const { file = defaultFile(), listeners = [], wait = true, simulation } = order;
  const loaded = file === undefined ? testDevice<Device>(wait) : await load(file, wait, running);
  if (order.file === undefined && file !== undefined) loaded.setup.isFound = true;
  loaded.setup.simulation = { ...loaded.setup.simulation, ...simulation };
  placeListeners(loaded.setup, listeners);
  return loaded;
}

function testDevice<Device>(wait: boolean): Loaded<Device> {
  return { setup: testSetup({ wait }), module: undefined, files: new Map() };
}

async function load<Device>(
  file: string,
  wait: boolean,
  running: Pick<Loaded<Device>, 'module'> | undefined,
): Promise<Loaded<Device>> {
  const { readConfig, setUpConfig } = await import('../config/load.js');
  if (running !== undefined && file === DASH) throw wholeFileError(shownName(file), "can't be read again");
  // Before they are read: if one changes meanwhile, that is noticed.
  const files = statesOf([file]);
  const source = readConfig(file);
  const name = shownName(file);
  for (const [named, state] of statesOf(namedFiles(source.value, dirname(name)))) files.set(named, state);
  const { module } = running ?? { module: await LoadedModule.of<Device>(source, name) };
  if (module !== undefined) files.set(module.file, module.state);
  return { setup: await setUpConfig(source, name, given(module, wait)), module, files };
}

function statesOf(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [file, fileState(file)]));
}

function given<Device>(module: LoadedModule<Device> | undefined, wait: boolean): GivenOptions {
  const { functions, handler } = module?.code ?? {};
  return { wait, ...(functions && { customFunctions: functions }), ...(handler && { handlerOf: () => handler }) };
}
