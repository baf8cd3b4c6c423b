import { ModbusTcpServer, type TcpServerOptions, Unit } from 'busbar';
import { afterEach } from 'vitest';
import { hex, toHex } from './hex.js';
import { MbapClient } from './mbap-client.js';

/** A server of one test, and clients of it; all are gone when the test has ended. */
export interface Served {
  server: ModbusTcpServer;
  port: number;
  connect(localAddress?: string): Promise<MbapClient>;
}

const running: Served[] = [];
const clients: MbapClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(running.splice(0).map(({ server }) => server.shutdown()));
});

/** Starts a server on a free port of 127.0.0.1. */
export async function serve(options: TcpServerOptions): Promise<Served> {
  const server = new ModbusTcpServer({ host: '127.0.0.1', port: 0, ...options });
  // Faults are looked at by the tests that cause them; elsewhere they would be process warnings.
  server.on('error', () => {});
  await server.listen();
  const port = portOf(server);
  const connect = async (localAddress = '127.0.0.1') => {
    const client = await MbapClient.connect({ host: '127.0.0.1', port, localAddress });
    clients.push(client);
    return client;
  };
  const served = { server, port, connect };
  running.push(served);
  return served;
}

/** The port that a server listens on. */
export function portOf(server: ModbusTcpServer): number {
  const address = server.address();
  if (address === null) throw new Error('the server is not listening');
  return address.port;
}

/** A unit whose holding register n, for 0 to 99, holds n. */
export function createCountingUnit(id = 1): Unit {
  return new Unit({
    id,
    holdingRegisters: [{ start: 0, values: Array.from({ length: 100 }, (_, address) => address) }],
  });
}

/** The request for one holding register. */
export function readRegister(address: number): Uint8Array {
  return Uint8Array.of(0x03, address >> 8, address & 0xff, 0, 1);
}

/** The reply to it. */
export function registerReply(value: number): string {
  return toHex(Uint8Array.of(0x03, 2, value >> 8, value & 0xff));
}

/** Sends a labelled request and resolves with the reply as hex. */
export async function ask(client: Pick<MbapClient, 'request'>, unit: number, request: string): Promise<string> {
  return toHex(await client.request(unit, hex(request)));
}
