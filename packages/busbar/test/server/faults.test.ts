import { ModbusStreamServer, ModbusTcpServer, Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { createRecorder, record } from '../helpers/events.js';
import { hex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, portOf, registerReply } from '../helpers/served.js';
import { catchWarnings } from '../helpers/warnings.js';

const READ = 'fc:03 start:0005 quantity:0001';
const made: { server: ModbusTcpServer; client: MbapClient }[] = [];
afterEach(async () => {
  for (const { server, client } of made.splice(0)) await Promise.all([client.close(), server.shutdown()]);
});

/** A server without an error listener, but what `prepare` adds. Its unit 9 fails whenever it is read. */
async function serveBare(prepare: (server: ModbusTcpServer) => void = () => {}) {
  const failing = new Unit({
    id: 9,
    holdingRegisters: {
      read: () => {
        throw new Error('broken handler');
      },
    },
  });
  const server = new ModbusTcpServer({ units: [createCountingUnit(), failing], host: '127.0.0.1', port: 0 });
  prepare(server);
  await server.listen();
  const client = await MbapClient.connect({ host: '127.0.0.1', port: portOf(server) });
  made.push({ server, client });
  return { server, client };
}

describe('faults of the program', () => {
  test('are process warnings where nobody listens for errors', async () => {
    const { client } = await serveBare();
    const warnings = catchWarnings();
    expect(await ask(client, 9, READ)).toBe('8304');
    const [warning] = await warnings.reached(1);
    expect(warning.message).toContain('broken handler');
    expect(await ask(client, 1, READ)).toBe(registerReply(5));
  });

  test('in an error listener are process warnings, too', async () => {
    const { client } = await serveBare((server) =>
      server.on('error', () => {
        throw new Error('broken error listener');
      }),
    );
    const warnings = catchWarnings();
    expect(await ask(client, 9, READ)).toBe('8304');
    const [warning] = await warnings.reached(1);
    expect(warning.message).toContain('broken error listener');
    expect(await ask(client, 1, READ)).toBe(registerReply(5));
  });

  test.each(['listening', 'connect'] as const)(
    'in a listener of %s are error events, and the client is served',
    async (name) => {
      const errors = createRecorder<Error>();
      const { client } = await serveBare((server) => {
        server.on('error', errors.record);
        server.on(name, () => {
          throw new Error(`broken ${name} listener`);
        });
      });
      expect(await ask(client, 1, READ)).toBe(registerReply(5));
      expect((await errors.reached(1))[0]?.message).toContain(`broken ${name} listener`);
    },
  );

  test.each(['disconnect', 'close'] as const)(
    'in a listener of %s are error events, and the server ends',
    async (name) => {
      const errors = createRecorder<Error>();
      const { server } = await serveBare((each) => {
        each.on('error', errors.record);
        each.on(name, () => {
          throw new Error(`broken ${name} listener`);
        });
      });
      await server.close();
      expect((await errors.reached(1))[0]?.message).toContain(`broken ${name} listener`);
      expect(server.address()).toBeNull();
    },
  );
});

describe('connections that come and go', () => {
  test('leave nothing behind', async () => {
    const { server } = await serveBare();
    const disconnected = record(server, 'disconnect');
    const address = { host: '127.0.0.1', port: portOf(server) };
    for (let round = 1; round <= 10; round++) {
      const clients = await Promise.all(Array.from({ length: 20 }, () => MbapClient.connect(address)));
      await Promise.all(clients.map((client) => ask(client, 1, READ)));
      await Promise.all(clients.map((client, index) => (index % 2 === 0 ? client.reset() : client.close())));
      await disconnected.reached(20 * round);
    }
    expect(server.connections).toBe(1);
    expect(server.counters.connectionsAccepted).toBe(201);
  });
});

test('a datagram whose reply cannot be sent is an error event, with a handler that answers later, too', async () => {
  const unit = new Unit({ id: 1, holdingRegisters: { read: async () => [7] } });
  await using server = new ModbusStreamServer({
    units: [unit, new Unit({ id: 2, holdingRegisters: [{ start: 0, count: 1 }] })],
  });
  const errors: Error[] = [];
  const told = new Promise<void>((resolve) => {
    server.on('error', (error) => {
      errors.push(error);
      if (errors.length === 2) resolve();
    });
  });
  await server.listen();
  const fail = () => {
    throw new Error('no way back');
  };
  server.datagram(frame(1, 1, hex('fc:03 start:0000 quantity:0001')), fail);
  server.datagram(frame(1, 2, hex('fc:03 start:0000 quantity:0001')), fail);
  await told;
  expect(errors.map(({ message }) => message)).toEqual(['no way back', 'no way back']);
  expect(server.connections).toBe(0);
});
