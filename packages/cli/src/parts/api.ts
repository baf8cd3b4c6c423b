import { ApiServer } from '../api/api-server.js';
import type { Services } from '../api/services.js';
import { type Part, PartError } from '../app/part.js';
import type { HttpOptions } from '../config/http.js';
import { formatPlace } from '../listeners/place.js';
import type { Logger } from '../log/logger.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; --http HOST:PORT takes another',
  EACCES: 'the system does not allow this port; those from 1024 on are free',
  EADDRNOTAVAIL: 'this machine does not have this address',
  ENOTFOUND: 'there is no such host',
};

/** The HTTP API and the console. */
export class ApiPart implements Part {
  /** Its address for a browser, once it listens. */
  url: string | undefined;
  readonly #server: ApiServer;
  readonly #options: HttpOptions;
  readonly #log: Logger;

  constructor(services: Services, options: HttpOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#server = new ApiServer(services, { ...options, failed: (error) => logFailure(error, log) });
  }

  async start(): Promise<void> {
    const { host, port } = this.#options;
    try {
      this.url = await this.#server.listen();
    } catch (error) {
      throw startError(error, `http ${formatPlace({ network: 'tcp', host, port })}`);
    }
    this.#log.announce({ event: 'http', text: `console and HTTP API at ${this.url}`, url: this.url });
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }
}

function startError(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  return new PartError({ event: 'httpFailed', text: `${place}: ${REASONS[code] ?? error.message}`, code });
}

function logFailure(error: unknown, log: Logger): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.log('error', { event: 'httpError', text: `this is a fault of Busbar itself, please report it: ${text}` });
}
