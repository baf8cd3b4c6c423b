import { ModbusTcpServer, type TcpServerOptions } from 'busbar';
import { afterEach, expect } from 'vitest';
import { toHex } from './hex.js';
import { MbapClient } from './mbap-client.js';
import { createCountingUnit, portOf, readRegister, registerReply } from './served.js';

const made: ModbusTcpServer[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((server) => server.shutdown()));
});

/** A server that does not listen yet; it is shut down when the test has ended. */
export function create(options: Partial<TcpServerOptions> = {}): ModbusTcpServer {
  const server = new ModbusTcpServer({ units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...options });
  server.on('error', () => {});
  made.push(server);
  return server;
}

export const connect = (server: ModbusTcpServer, host = '127.0.0.1') =>
  MbapClient.connect({ host, port: portOf(server) });

export async function isServed(client: MbapClient): Promise<void> {
  expect(toHex(await client.request(1, readRegister(5)))).toBe(registerReply(5));
}
