import { dirname } from 'node:path';
import { Faults, type SimulatorOptions } from 'busbar-simulator';
import { defaultFile } from '../config/default-file.js';
import { keepAt } from '../config/keep.js';
import { EXCLUDED } from '../config/lasting.js';
import { namedFiles, numberAt, valueAt } from '../config/parts.js';
import { placeListeners, type Setup, testSetup } from '../config/setup.js';
import type { Source } from '../config/source.js';
import { DASH, shownName, wholeFileError } from '../config/text.js';
import { fileState } from '../ground/file-state.js';
import type { ReadFiles } from '../ground/file-watch.js';
import { UsageError } from '../ground/usage-error.js';
import type { GivenListener } from '../listeners/given.js';
import type { GivenOptions } from '../listeners/server.js';
import { withFaults } from './handlers.js';
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
  /** The folder in which values are kept, in place of that of the config. */
  readonly keep?: string | undefined;
  /** Whether what was kept is forgotten. */
  readonly reset?: boolean | undefined;
}

/** What a config becomes: checked and ready to be served. */
export interface Loaded<Device> {
  readonly setup: Setup;
  readonly module: LoadedModule<Device> | undefined;
  /** Those of the config, once it is used. */
  readonly faults: Faults;
  /** All that was read. */
  readonly files: ReadFiles;
}

/** What is in use already: modules are imported only once, and servers keep their faults. */
type Running<Device> = Pick<Loaded<Device>, 'module' | 'faults'>;

/** Reads, checks and sets up a config. @throws ConfigError, UsageError */
export async function setUp<Device>(order: Order, running?: Running<Device>): Promise<Loaded<Device>> {
  const { file = defaultFile(), listeners = [], wait = true, simulation } = order;
  const loaded = file === undefined ? testDevice<Device>(wait) : await load(file, order, running);
  if (order.file === undefined && file !== undefined) loaded.setup.isFound = true;
  loaded.setup.simulation = { ...loaded.setup.simulation, ...simulation };
  placeListeners(loaded.setup, listeners);
  placeStore(loaded.setup, order);
  return loaded;
}

/** @throws UsageError */
function placeStore(setup: Setup, { keep, reset }: Order): void {
  if (keep !== undefined && setup.share !== undefined) {
    throw new UsageError(`--keep and the share of the config exclude each other: ${EXCLUDED}`);
  }
  if (keep !== undefined) setup.keep = keepAt(keep, setup.keep);
  if (reset && setup.keep === undefined) throw new UsageError(`--reset has nothing to forget: ${whatIsKept(setup)}`);
}

function whatIsKept({ share }: Setup): string {
  return share === undefined
    ? 'nothing is kept without keep in the config, or --keep'
    : `the values are shared; the keys of Redis that begin with {busbar:${share.image}: hold them`;
}

function testDevice<Device>(wait: boolean): Loaded<Device> {
  const faults = new Faults();
  return { setup: testSetup(given(undefined, faults, wait)), module: undefined, faults, files: new Map() };
}

async function load<Device>(
  file: string,
  { wait = true, simulation }: Order,
  running: Running<Device> | undefined,
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
  const { faults } = running ?? { faults: new Faults([], { seed: simulation?.seed ?? seedOf(source) }) };
  const setup = await setUpConfig(source, name, given(module, faults, wait));
  if (running === undefined) faults.replace(setup.content?.faults ?? []);
  return { setup, module, faults, files };
}

function statesOf(files: readonly string[]): Map<string, string> {
  return new Map(files.map((file) => [file, fileState(file)]));
}

/** Of all chance. */
function seedOf({ value }: Source): number | undefined {
  return numberAt(valueAt(value, 'simulation'), 'seed');
}

function given<Device>(module: LoadedModule<Device> | undefined, faults: Faults, wait: boolean): GivenOptions {
  const { functions, handler } = module?.code ?? {};
  const handlerOf: GivenOptions['handlerOf'] = (place) => withFaults(faults.handler(place), handler);
  return { wait, handlerOf, ...(functions && { customFunctions: functions }) };
}
