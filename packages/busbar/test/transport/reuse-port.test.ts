import { once } from 'node:events';
import { ModbusTcpServer, ModbusUdpServer, OptionsError } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { createRecorder } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply } from '../helpers/served.js';
import { udpStream } from '../helpers/udp-stream.js';

type Port = { port?: number | undefined; reusePort?: boolean };

const units = () => [createCountingUnit()];
const create = {
  TCP: (options: Port) => new ModbusTcpServer({ units: units(), host: '127.0.0.1', ...options }),
  UDP: (options: Port) => new ModbusUdpServer({ units: units(), host: '127.0.0.1', ...options }),
};
const transports = ['TCP', 'UDP'] as const;

const [major, minor] = process.versions.node.split('.').map(Number);
const isKnown = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);

const servers: (ModbusTcpServer | ModbusUdpServer)[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

async function begin(transport: (typeof transports)[number], options: Port) {
  const server = create[transport](options);
  servers.push(server);
  return server.listen();
}

async function answers(transport: (typeof transports)[number], port: number): Promise<string> {
  const request = '03 0005 0001'.replaceAll(' ', '');
  if (transport === 'TCP') return ask(await MbapClient.connect({ host: '127.0.0.1', port }), 1, request);
  const client = await udpStream(port);
  client.write(frame(1, 1, readRegister(5)));
  const [reply] = await once(client, 'data');
  client.destroy();
  return toHex(reply.subarray(7));
}

describe.each(transports)('reusePort over %s', (transport) => {
  test('lets two servers have one port where Node can, and is refused by name where it cannot', async () => {
    const refusals = createRecorder<unknown>();
    const first = await begin(transport, { port: 0, reusePort: true }).catch(refusals.record);
    if (!isKnown) {
      expect(refusals.all).toEqual([expect.any(OptionsError)]);
      expect(refusals.all).toMatchObject([{ path: ['reusePort'], message: expect.stringContaining('22.12') }]);
      return;
    }
    const port = first?.address()?.port ?? 0;
    const second = await begin(transport, { port, reusePort: true });
    expect(second.address()?.port).toBe(port);
    expect(await answers(transport, port)).toBe(registerReply(5));
  });

  test('is off by itself', async () => {
    const first = await begin(transport, { port: 0, reusePort: false });
    await expect(begin(transport, { port: first.address()?.port })).rejects.toThrow(/EADDRINUSE|in use/);
  });

  test('is true or false', () => {
    expect(() => create[transport]({ ...Object.fromEntries([['reusePort', 1]]) })).toThrow(
      'reusePort: expected true or false',
    );
  });
});
