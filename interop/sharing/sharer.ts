import { ModbusTcpServer, type TcpServerOptions, Unit, type UnitOptions } from 'busbar';
import { SharedImage, type SharingOptions } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { MbapClient } from '../../packages/busbar/test/helpers/mbap-client.js';
import { ask } from '../../packages/busbar/test/helpers/served.js';
import { RedisServer } from '../helpers/redis.js';

/** One server of an image: its unit, and a client of it. */
export interface Sharer {
  readonly image: SharedImage;
  readonly unit: Unit;
  readonly port: number;
  readonly client: MbapClient;
  /** Sends a request to unit 1, in labelled hex. Resolves with the reply, in hex. */
  ask(request: string): Promise<string>;
  connect(): Promise<MbapClient>;
  /** Ends all of it. */
  stop(): Promise<void>;
}

/** A Redis that is gone when the test has ended. */
export async function redisForTest(...settings: string[]): Promise<RedisServer> {
  const redis = await RedisServer.start(...settings);
  onTestFinished(() => redis.stop());
  return redis;
}

/** A client of a Redis, to look into it. */
export function lookInto(redis: { readonly port: number }): Redis {
  const client = new Redis({ port: redis.port, host: '127.0.0.1' });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** Machines that are busy with other tests answer late; that is none of the faults that are looked for here. */
const PATIENT = { commandTimeout: 5000 };

export const DEVICE: UnitOptions = {
  id: 1,
  coils: [{ start: 0, count: 16 }],
  discreteInputs: [{ start: 0, count: 16 }],
  holdingRegisters: [
    { start: 0, count: 100 },
    { start: 200, count: 10 },
  ],
  inputRegisters: [{ start: 0, count: 10 }],
  files: [{ number: 4, start: 0, count: 10 }],
  fifos: [{ pointer: 50 }],
};

/** Starts a server that shares a unit. */
export async function startSharer(
  redis: { readonly port: number },
  options: Partial<SharingOptions> = {},
  device: UnitOptions = DEVICE,
  serverOptions: Omit<TcpServerOptions, 'units'> = {},
): Promise<Sharer> {
  const connection = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true });
  const image = await SharedImage.join({ redis: connection, image: 'plant', ...PATIENT, ...options });
  const unit = new Unit(device);
  await image.share(unit);
  const server = new ModbusTcpServer({ host: '127.0.0.1', port: 0, units: [unit], ...serverOptions });
  server.on('error', () => {});
  await server.listen();
  const port = server.address()?.port ?? 0;
  const clients: MbapClient[] = [];
  const connect = async () => {
    const client = await MbapClient.connect({ host: '127.0.0.1', port });
    clients.push(client);
    return client;
  };
  const stop = async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.shutdown();
    await image.close();
    connection.disconnect();
  };
  onTestFinished(stop);
  const client = await connect();
  return { image, unit, port, client, ask: (request) => ask(client, device.id, request), connect, stop };
}
