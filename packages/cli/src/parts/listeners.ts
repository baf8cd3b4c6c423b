import { ListenError } from 'busbar';
import { announce } from '../app/announce.js';
import { type Part, StartError } from '../app/part.js';
import type { Setup } from '../config/setup.js';
import type { BoundServer } from '../listeners/server.js';
import { unitListed } from '../listeners/unit-name.js';
import type { Logger } from '../log/logger.js';
import { RequestLog } from '../log/requests.js';
import { logTraffic } from '../log/traffic.js';

/** The servers that clients connect to. All of them listen, or none. */
export class ListenersPart implements Part {
  readonly failed: Promise<void>;
  readonly #setup: Setup;
  readonly #log: Logger;
  /** At the level `debug` only: traces cost time. */
  readonly #requests: RequestLog | undefined;
  #stopping = false;

  constructor(setup: Setup, log: Logger) {
    this.#setup = setup;
    this.#log = log;
    this.#requests = log.enabled('debug') ? new RequestLog(log) : undefined;
    this.failed = this.#allEnded();
  }

  async start(): Promise<void> {
    logTraffic(this.#setup.servers, this.#log);
    for (const bound of this.#setup.servers) this.#requests?.follow(bound);
    for (const bound of this.#setup.servers) await this.#listen(bound);
    announce(this.#setup, this.#log);
  }

  async stop(): Promise<void> {
    await this.#closeAll();
    this.#requests?.end();
    this.#log.end();
    this.#log.log('info', { event: 'stopped', text: 'stopped' });
  }

  async #listen(bound: BoundServer): Promise<void> {
    try {
      await bound.server.listen();
    } catch (error) {
      await this.#closeAll();
      if (!(error instanceof ListenError)) throw error;
      const { message: text, code } = error;
      throw new StartError({ event: 'listenFailed', text, listener: bound.name, code });
    }
    this.#log.announce(listening(bound));
  }

  async #closeAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#setup.servers.map(({ server }) => server.close()));
  }

  /** Resolves when all have ended, for example because a serial port is lost for good. */
  async #allEnded(): Promise<void> {
    const { servers } = this.#setup;
    await Promise.all(servers.map(({ server }) => new Promise<void>((resolve) => server.once('close', resolve))));
    if (!this.#stopping) this.#log.fail({ event: 'ended', text: 'no listener is left' });
  }
}

function listening({ listener, name, units, awaits }: BoundServer) {
  const place = 'path' in listener ? { path: listener.path } : { host: listener.host, port: listener.port };
  const text = awaits === undefined ? `${name} listens` : `${name} waits for its port`;
  const facts = { listener: name, type: listener.type, ...place, units: units.map(unitListed) };
  return { event: 'listening', text, ...facts };
}
