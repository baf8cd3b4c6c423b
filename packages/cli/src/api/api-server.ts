import type { AddressInfo } from 'node:net';
import { formatEndpoint } from 'busbar';
import { type Access, createApp } from './app.js';
import type { Handlers } from './handlers.js';
import { type HttpLimits, HttpServer } from './http-server.js';
import { monitoring } from './monitoring.js';
import { clientRoutes } from './routes/clients.js';
import { counterRoutes } from './routes/counters.js';
import { eventRoutes } from './routes/events.js';
import { faultRoutes } from './routes/faults.js';
import { openApiRoutes } from './routes/openapi.js';
import { pointRoutes } from './routes/points.js';
import { reloadRoutes } from './routes/reload.js';
import { rootRoutes } from './routes/root.js';
import { simulationRoutes } from './routes/simulation.js';
import { snapshotRoutes } from './routes/snapshot.js';
import { tableRoutes } from './routes/tables.js';
import { trafficRoutes } from './routes/traffic.js';
import { unitRoutes } from './routes/units.js';
import { waitRoutes } from './routes/wait.js';
import type { Services } from './services.js';

/** Where and for whom the API is served. */
export interface ApiOptions extends Access {
  readonly host: string;
  readonly port: number;
  readonly limits?: HttpLimits | undefined;
  /** Is told of faults of ours. */
  readonly failed: (error: unknown) => void;
}

/** The HTTP API of a device, with the console. */
export class ApiServer {
  readonly #server: HttpServer;
  readonly #options: ApiOptions;

  constructor(services: Services, options: ApiOptions) {
    this.#options = options;
    services.traffic.start();
    const app = createApp(handlersOf(services), monitoring(services.device, options), options, options.failed);
    this.#server = new HttpServer(app.fetch, options.limits);
  }

  /** @returns the address for a browser on this machine. @throws the system's error, with its code */
  async listen(): Promise<string> {
    return urlOf(await this.#server.listen(this.#options.host, this.#options.port));
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

function handlersOf(services: Services): Handlers {
  return {
    ...rootRoutes(services),
    ...unitRoutes(services),
    ...pointRoutes(services),
    ...tableRoutes(services),
    ...clientRoutes(services),
    ...counterRoutes(services),
    ...faultRoutes(services),
    ...simulationRoutes(services),
    ...reloadRoutes(services),
    ...snapshotRoutes(services),
    ...eventRoutes(services),
    ...trafficRoutes(services),
    ...waitRoutes(services),
    ...openApiRoutes(),
  };
}

/** Every address of the machine is also that by which it reaches itself. */
function urlOf({ address, port }: AddressInfo): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${formatEndpoint(host, port)}/`;
}
