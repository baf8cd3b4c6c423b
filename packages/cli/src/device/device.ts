import { EventEmitter } from 'node:events';
import { dirname, resolve } from 'node:path';
import type { Unit } from 'busbar';
import type { SharedImage } from 'busbar/sharing';
import type { Storage } from 'busbar/storage';
import { type Faults, Simulator } from 'busbar-simulator';
import type { Setup } from '../config/setup.js';
import type { ReadFiles } from '../ground/file-watch.js';
import type { BoundServer } from '../listeners/server.js';
import { type DeviceChanges, type FaultChanges, faultChanges, restartKeys } from './changes.js';
import { Lasting } from './lasting.js';
import { type CodeOf, type LoadedModule, ModuleError } from './module.js';
import { open } from './open.js';
import { Reload } from './reload.js';
import { type Loaded, type Order, setUp } from './set-up.js';
import type { Switching } from './switching.js';

/** The code that a config names as its `module`: the default export of a file. */
export type DeviceModule = CodeOf<Device>;

/** Events of a device. */
export interface DeviceEvents {
  /** A reload has brought a listener, which is about to open. */
  added: [listener: BoundServer];
  /** Clients can connect to it. */
  listening: [listener: BoundServer];
  /** It has closed. */
  closed: [listener: BoundServer];
  /** The config was loaded again. */
  reloaded: [changes: DeviceChanges];
  /** After a reload the module could not be stopped and started again. Without a listener it is a process warning. */
  moduleFailed: [error: ModuleError];
  /** Its last listener has ended by itself: a serial port is lost for good. */
  ended: [];
}

/** The units and servers of a config file. */
export class Device extends EventEmitter<DeviceEvents> implements AsyncDisposable {
  /** Those of the config, and what a program adds: a reload takes these away. */
  readonly faults: Faults;
  /** Moves the points of the units, and does what else their behaviour is. */
  readonly simulator: Simulator;
  /** What becomes of the values of the units. @internal */
  readonly lasting: Lasting;
  readonly #order: Order;
  readonly #module: LoadedModule<Device> | undefined;
  #setup: Setup;
  #files: ReadFiles;
  #state: 'new' | 'prepared' | 'started' | 'closed' = 'new';
  /** Listeners that are open. */
  readonly #open = new Set<BoundServer>();
  /** Starts, reloads and closes come one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #busy = false;
  /** The ends of listeners that are no more. */
  #leaving: Promise<void> = Promise.resolve();

  private constructor(order: Order, { setup, module, faults, files }: Loaded<Device>) {
    super();
    this.faults = faults;
    this.#files = files;
    // Not another one that has come into the folder meanwhile.
    this.#order = { ...order, file: order.file ?? setup.config };
    this.#setup = setup;
    this.#module = module;
    this.simulator = new Simulator(setup.simulation);
    this.simulator.faults = faults;
    this.simulator.replace(setup.lives);
    this.lasting = new Lasting(this.simulator);
    for (const bound of setup.servers) this.#follow(bound);
  }

  /** @internal */
  static async load(order: Order): Promise<Device> {
    return new Device(order, await setUp(order));
  }

  /** @internal */
  get setup(): Setup {
    return this.#setup;
  }

  /** The config file; undefined for the test device that is served without one. */
  get file(): string | undefined {
    return this.#setup.config;
  }

  /** The files of the user's code: the module, and scripts of units. @internal */
  get code(): readonly string[] {
    const folder = dirname(this.file ?? '');
    const scripts = this.#setup.content?.units.map(({ script }) => script) ?? [];
    const files = scripts.flatMap((script) => (script === undefined ? [] : resolve(folder, script)));
    return this.#module === undefined ? files : [this.#module.file, ...files];
  }

  /** The files that were read, with their states. @internal */
  get files(): ReadFiles {
    return this.#files;
  }

  /** Where the values of the units are kept, once the device has started, if the config has `keep`. */
  get storage(): Storage | undefined {
    return this.lasting.keeping?.storage;
  }

  /** With whom the units share their values, once the device has started, if the config has `share`. */
  get image(): SharedImage | undefined {
    return this.lasting.sharing?.image;
  }

  /** In the order of the config. */
  get units(): readonly Unit[] {
    return this.#setup.units;
  }

  /** The servers with the listeners of the config that they are made from, in its order. */
  get boundServers(): readonly BoundServer[] {
    return this.#setup.servers;
  }

  /** In the order of the listeners in the config. */
  get servers(): readonly BoundServer['server'][] {
    return this.#setup.servers.map(({ server }) => server);
  }

  /** The unit with this name or id. @throws Error if there is none, or several have the id. */
  unit(key: string | number): Unit {
    const found = this.units.filter(({ id, name }) => (typeof key === 'number' ? id : name) === key);
    if (found.length === 1) return found[0];
    const names = this.units.map(({ id, name }) => (name === undefined ? id : JSON.stringify(name)));
    throw new Error(
      `${found.length === 0 ? 'no unit is' : 'several units are'} ${JSON.stringify(key)}: there are ${names.join(', ')}`,
    );
  }

  /** Puts back the values that were kept, or takes over those that are shared, ahead of the start. @internal */
  prepare(): Promise<void> {
    return this.#inTurn(() => this.#prepare());
  }

  async #prepare(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'prepared';
    try {
      await this.lasting.open(this.#setup, this.#order.reset === true);
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  /**
   * Puts back values that were kept, or takes over those that are shared; starts the module and the simulation; then opens
   * all listeners, or none.
   * @throws OpenError, ModuleError, StorageError, SharingError
   */
  start(): Promise<this> {
    return this.#inTurn(async () => {
      await this.#prepare();
      if (this.#state !== 'prepared') throw new Error(`the device is ${this.#state} already`);
      this.#state = 'started';
      try {
        await this.#module?.call('start', this);
        this.simulator.start();
        for (const bound of this.boundServers) await open(bound);
      } catch (error) {
        await this.#end();
        throw error;
      }
      return this;
    });
  }

  /**
   * Reads the config again and applies what has changed, without closing connections that can stay.
   * @returns what has changed.
   * @throws ConfigError, OpenError, StorageError, SharingError: the device goes on as it was.
   */
  reload(): Promise<DeviceChanges> {
    return this.#inTurn(async () => {
      if (this.#state === 'closed') throw new Error('the device is closed already');
      if (this.file === undefined) throw new Error('there is no config to load again');
      const { setup, files } = await setUp(this.#order, { module: this.#module, faults: this.faults });
      const reload = new Reload(this.#setup, setup, (file) => this.#files.get(file) === files.get(file));
      const restart = this.#needRestart(setup);
      for (const bound of reload.opened) this.#add(bound);
      const switching = this.#state === 'started' ? reload.switching() : undefined;
      const commit = () => {
        this.#setup = reload.commit();
      };
      await this.lasting.around(reload.units, async () => switching?.run(), commit);
      this.#files = files;
      const faults = this.#replaceFaults();
      this.#simulate(reload);
      this.#closeInTime(switching);
      if (reload.replacesUnits) await this.#restartModule();
      const changes = { ...reload.changes(restart), faults };
      this.emit('reloaded', changes);
      return changes;
    });
  }

  /** Answers what is in progress, closes all listeners, and writes down what is to be kept. @throws StorageError */
  close(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    const wasStarted = this.#state === 'started';
    this.#state = 'closed';
    await Promise.all([...this.servers.map((server) => server.close()), this.#leaving]);
    this.simulator.stop();
    try {
      if (wasStarted) await this.#module?.call('stop', this);
    } finally {
      await this.lasting.close();
    }
  }

  #simulate({ changesLives }: Reload): void {
    const { lives, simulation } = this.#setup;
    if (changesLives) this.simulator.replace(lives);
    this.simulator.speed = simulation?.speed ?? 1;
  }

  /** Nobody but `close()` waits for the last clients of listeners that are no more. */
  #closeInTime(switching: Switching | undefined): void {
    const before = this.#leaving;
    this.#leaving = Promise.all([before, switching?.closeRest()]).then(() => undefined);
  }

  /** So that it knows the units that there are now. */
  async #restartModule(): Promise<void> {
    if (this.#state !== 'started') return;
    try {
      await this.#module?.call('stop', this);
      await this.#module?.call('start', this);
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      if (!this.emit('moduleFailed', error)) process.emitWarning(error);
    }
  }

  #replaceFaults(): FaultChanges {
    const before = this.faults.list;
    this.faults.replace(this.#setup.content?.faults ?? []);
    return faultChanges(before, this.faults.list);
  }

  #needRestart(setup: Setup): string[] {
    const name = setup.content?.module;
    const isOutdated = this.#module === undefined ? name !== undefined : this.#module.isOutdated(name);
    return [...(isOutdated ? ['module'] : []), ...restartKeys(this.#setup, setup)];
  }

  #add(bound: BoundServer): void {
    this.#follow(bound);
    this.emit('added', bound);
  }

  /** Tells of the life of a listener. */
  #follow(bound: BoundServer): void {
    const { server } = bound;
    server.on('listening', () => {
      this.#open.add(bound);
      this.emit('listening', bound);
    });
    server.on('close', () => {
      this.#open.delete(bound);
      this.emit('closed', bound);
      if (!this.#busy) this.#checkEnd();
    });
  }

  #checkEnd(): void {
    if (this.#state === 'started' && this.#open.size === 0) this.emit('ended');
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      this.#busy = true;
      return await task();
    });
    this.#turn = result.then(
      () => this.#rest(),
      () => this.#rest(),
    );
    return await result;
  }

  #rest(): void {
    this.#busy = false;
    this.#checkEnd();
  }
}
