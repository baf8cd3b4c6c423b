import { ModbusStreamServer, OptionsError } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { createCountingUnit } from '../helpers/served.js';

const units = [createCountingUnit()];

/** Whether the connection of a client outlives the connection limit, with these priority clients. */
async function stays(priorityClients: string[], address: string): Promise<boolean> {
  await using server = await new ModbusStreamServer({ units, limits: { connections: 1 }, priorityClients }).listen();
  const disconnected = record(server, 'disconnect');
  for (const peer of [address, '198.51.100.1']) {
    const [, served] = createConnectionPair();
    server.accept(served, { address: peer });
  }
  const stayed = server.counters.connectionsRefused === 1;
  if (!stayed) expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'CONNECTION_LIMIT' });
  return stayed;
}

/** An entry of `priorityClients`, addresses that it takes in, and addresses that it does not. */
const ENTRIES: [entry: string, inside: string[], outside: string[]][] = [
  ['10.0.0.7', ['10.0.0.7', '::ffff:10.0.0.7'], ['10.0.0.8', '10.0.0.70', '']],
  ['192.168.1.0/24', ['192.168.1.0', '192.168.1.255'], ['192.168.2.0', '192.168.0.255']],
  ['192.168.1.77/25', ['192.168.1.1', '192.168.1.127'], ['192.168.1.128']],
  ['0.0.0.0/0', ['203.0.113.9'], ['2001:db8::1', 'radio', '']],
  ['::ffff:127.0.0.1', ['127.0.0.1'], ['127.0.0.2']],
  ['::FFFF:7F00:1', ['127.0.0.1'], ['127.0.0.2']],
  ['::ffff:10.0.0.0/104', ['10.255.0.1'], ['11.0.0.1']],
  ['2001:DB8::1', ['2001:db8::1', '2001:0db8:0:0:0:0:0:1'], ['2001:db8::2']],
  ['2001:db8::/33', ['2001:db8:7fff::9'], ['2001:db8:8000::9', '10.0.0.7']],
  ['fe80::1', ['fe80::1', 'fe80::1%eth0', 'fe80::1%eth1'], ['fe80::2%eth0']],
  ['fe80::1%eth0', ['fe80::1%eth0'], ['fe80::1%eth1', 'fe80::1']],
  ['fe80::%eth0/64', ['fe80::5%eth0'], ['fe80::5%eth1', 'fe80:0:0:1::5%eth0']],
];

describe('a priority client is known by its address, however it is written', () => {
  test.each(ENTRIES.flatMap(([entry, inside]) => inside.map((address) => [entry, address])))(
    '%s takes in %s',
    async (entry, address) => {
      expect(await stays([entry], address)).toBe(true);
      expect(await stays(['203.0.113.0/29', entry, 'fd00::/8'], address)).toBe(true);
    },
  );

  test.each(ENTRIES.flatMap(([entry, , outside]) => outside.map((address) => [entry, address])))(
    '%s does not take in %s',
    async (entry, address) => {
      expect(await stays([entry], address)).toBe(false);
    },
  );
});

describe('what is no address or network is refused', () => {
  test.each([
    '',
    'plc',
    'plc.example.com',
    '300.1.1.1',
    '10.0.0',
    '010.0.0.1',
    ' 10.0.0.1',
    '10.0.0.1:502',
    '[::1]',
    '10.0.0.*',
    '10.0.0.1-10.0.0.9',
    '10.0.0.1%eth0',
    '/24',
  ])('%j', (entry) => {
    expect(refusal(['127.0.0.1', entry])).toMatchObject({
      path: ['priorityClients', 1],
      message: `priorityClients[1]: expected an IP address or a network such as 192.168.1.0/24, found ${JSON.stringify(entry)}`,
    });
  });

  test.each([
    ['10.0.0.0/33', 32],
    ['10.0.0.0/', 32],
    ['10.0.0.0/-1', 32],
    ['10.0.0.0/255.0.0.0', 32],
    ['::/129', 128],
    ['fe80::%eth0/x', 128],
  ])('%j, for its prefix', (entry, bits) => {
    expect(refusal([entry]).message).toBe(
      `priorityClients[0]: expected a prefix from 0 to ${bits} behind the slash, found ${JSON.stringify(entry)}`,
    );
  });
});

function refusal(priorityClients: string[]): OptionsError {
  try {
    new ModbusStreamServer({ units, priorityClients });
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('not refused');
}
