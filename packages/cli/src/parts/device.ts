import { announce } from '../app/announce.js';
import { lastingFailure, lastingLines } from '../app/lasting.js';
import { type Part, PartError } from '../app/part.js';
import { logReloaded, logReloadFailure } from '../app/reloads.js';
import type { Device } from '../device/device.js';
import { ModuleError } from '../device/module.js';
import { OpenError } from '../device/open.js';
import { thrownAt } from '../ground/thrown.js';
import type { BoundServer } from '../listeners/server.js';
import { unitListed } from '../listeners/unit-name.js';
import { faultLines, logFaults } from '../log/faults.js';
import type { Logger } from '../log/logger.js';
import { RequestLog } from '../log/requests.js';
import { logSimulation } from '../log/simulation.js';
import { logTraffic } from '../log/traffic.js';

/** The device that clients connect to. Either all of its servers listen, or none. */
export class DevicePart implements Part {
  readonly failed: Promise<void>;
  /** Undefined without a config. */
  readonly reload: (() => Promise<void>) | undefined;
  readonly #device: Device;
  readonly #log: Logger;
  readonly #api: () => string | undefined;
  /** At the level `debug` only: traces cost time. */
  readonly #requests: RequestLog | undefined;
  #reloading = false;
  #again = false;

  /** @param api the address of the HTTP API, once it listens. */
  constructor(device: Device, log: Logger, api: () => string | undefined = () => undefined) {
    this.#device = device;
    this.#log = log;
    this.#api = api;
    this.reload = device.file === undefined ? undefined : () => this.#reload();
    this.#requests = log.enabled('debug') ? new RequestLog(log) : undefined;
    this.failed = new Promise((resolve) => device.once('ended', () => resolve(this.#ended())));
    logSimulation(device.simulator, log, () => device.code);
    for (const bound of device.boundServers) this.#watch(bound);
    device.on('added', (bound) => this.#watch(bound));
    device.on('listening', (bound) => this.#log.announce(listening(bound)));
    device.on('closed', (bound) => this.#requests?.unfollow(bound));
    device.on('reloaded', (changes) => {
      this.#heedCode();
      logReloaded(changes, device.setup, log);
    });
    device.on('moduleFailed', ({ message }) => log.log('error', { event: 'moduleFailed', text: message }));
  }

  async start(): Promise<void> {
    this.#heedCode();
    try {
      await this.#device.start();
    } catch (error) {
      throw startError(error);
    }
    const { faults, setup, lasting } = this.#device;
    announce(setup, this.#log, { api: this.#api(), notes: [lastingLines(lasting), faultLines(faults.list)] });
    logFaults(faults, this.#log, (index) => this.#device.boundServers[index - 1]?.name);
  }

  /** Loads the config again. If that is asked for meanwhile, once more after it, however often. */
  async #reload(): Promise<void> {
    this.#again = this.#reloading;
    if (this.#reloading) return;
    this.#reloading = true;
    do {
      this.#again = false;
      await this.#reloadOnce();
    } while (this.#again);
    this.#reloading = false;
  }

  async #reloadOnce(): Promise<void> {
    try {
      await this.#device.reload();
    } catch (error) {
      logReloadFailure(error, this.#device.file, this.#log);
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#device.close();
    } catch (error) {
      if (!(error instanceof ModuleError)) throw lastingFailure(error);
      this.#log.log('error', { event: 'moduleFailed', text: error.message });
    } finally {
      process.off('uncaughtException', this.#uncaught);
      this.#requests?.end();
      this.#log.end();
      this.#log.log('info', { event: 'stopped', text: 'stopped' });
    }
  }

  /** Without code of the user, all that is not caught is a fault of ours. */
  #heedCode(): void {
    process.off('uncaughtException', this.#uncaught);
    if (this.#device.code.length > 0) process.on('uncaughtException', this.#uncaught);
  }

  /** Such as in a timer of the module or a script, which must not end the service. */
  readonly #uncaught = (thrown: unknown): void => {
    const { place, message } = thrownAt(thrown, ...this.#device.code);
    if (place === undefined && isOurs(thrown)) throw thrown;
    this.#log.log('error', { event: 'codeFailed', text: place === undefined ? message : `${place}: ${message}` });
  };

  #watch(bound: BoundServer): void {
    logTraffic([bound], this.#log, this.#device.code);
    bound.server.on('listening', () => this.#requests?.follow(bound));
  }

  #ended(): void {
    this.#log.fail({ event: 'ended', text: 'no listener is left' });
  }
}

/** We throw errors only. Node.js makes one of other values that promises reject with. */
function isOurs(thrown: unknown): boolean {
  return thrown instanceof Error && !('code' in thrown && thrown.code === 'ERR_UNHANDLED_REJECTION');
}

function startError(error: unknown): unknown {
  if (error instanceof ModuleError) return new PartError({ event: 'moduleFailed', text: error.message });
  if (!(error instanceof OpenError)) return lastingFailure(error);
  const { message: text, listener, code } = error;
  return new PartError({ event: 'listenFailed', text, listener, code });
}

function listening({ listener, name, units, awaits }: BoundServer) {
  const place = 'path' in listener ? { path: listener.path } : { host: listener.host, port: listener.port };
  const text = awaits === undefined ? `${name} listens` : `${name} waits for its port`;
  const facts = { listener: name, type: listener.type, ...place, units: units.map(unitListed) };
  return { event: 'listening', text, ...facts };
}
