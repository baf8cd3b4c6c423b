import { ModbusStreamServer } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { type FaultInjected, type FaultOptions, type FaultSwitched, Faults, type Place } from 'busbar-simulator';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRecorder } from '../../../busbar/test/helpers/events.js';
import { hex, toHex } from '../../../busbar/test/helpers/hex.js';
import { MbapClient } from '../../../busbar/test/helpers/mbap-client.js';
import { createCountingUnit } from '../../../busbar/test/helpers/served.js';
import { catchWarnings } from '../../../busbar/test/helpers/warnings.js';

function switches(faults: Faults) {
  const recorder = createRecorder<FaultSwitched>();
  faults.on('switched', recorder.record);
  return recorder;
}

function injections(faults: Faults) {
  const recorder = createRecorder<FaultInjected>();
  faults.on('injected', recorder.record);
  return recorder;
}

const READ = 'fc:03 start:0005 quantity:0001';

interface Asked {
  unit?: number;
  address?: string;
}

/** Units 1 to 3 with these faults, and clients in memory. */
async function serve(faults: Faults, place?: Place) {
  const units = [1, 2, 3].map((id) => createCountingUnit(id));
  const server = await new ModbusStreamServer({ units, handler: faults.handler(place) }).listen();
  onTestFinished(() => server.shutdown());
  const connect = (address?: string) => {
    const [client, served] = createConnectionPair();
    server.accept(served, { address });
    return new MbapClient(client);
  };
  /** Whether a request gets exception 6, by which the faults of these tests are known. */
  const isHit = async (request = READ, { unit = 1, address }: Asked = {}) => {
    const client = connect(address);
    const reply = toHex(await client.request(unit, hex(request)));
    await client.close();
    return reply.length === 4 && reply.endsWith('06');
  };
  const hits = async (count: number) => {
    const all: number[] = [];
    for (let i = 1; i <= count; i++) if (await isHit()) all.push(i);
    return all;
  };
  return { server, connect, isHit, hits };
}

const busy = (more: Partial<FaultOptions> = {}): FaultOptions => ({ name: 'busy', exception: 6, ...more });

describe('a fault is only for', () => {
  const cases: [Partial<FaultOptions>, inside: [string, Asked?][], outside: [string, Asked?][]][] = [
    [{ unit: 2 }, [[READ, { unit: 2 }]], [[READ], [READ, { unit: 3 }]]],
    [{ unit: [1, 3] }, [[READ], [READ, { unit: 3 }]], [[READ, { unit: 2 }]]],
    [{ functions: [6, 16] }, [['fc:06 address:0001 value:0001']], [[READ]]],
    [{ functions: [65] }, [['fc:41']], [[READ]]],
    [
      { table: 'holdingRegisters' },
      [[READ], ['fc:06 address:0001 value:0001']],
      [['fc:04 start:0005 quantity:0001'], ['fc:11']],
    ],
    [
      { table: 'holdingRegisters', start: 5, count: 2 },
      [
        [READ],
        ['fc:03 start:0006 quantity:0001'],
        ['fc:03 start:0000 quantity:0006'],
        ['fc:17 read:0000_0001 write:0006_0001 bytes:02 value:0001'],
      ],
      [['fc:03 start:0000 quantity:0005'], ['fc:03 start:0007 quantity:0001'], ['fc:04 start:0005 quantity:0001']],
    ],
    [{ peer: '10.0.0.7' }, [[READ, { address: '10.0.0.7' }]], [[READ], [READ, { address: '10.0.0.8' }]]],
    [
      { peer: ['10.1.0.0/16', 'fd00::/8'] },
      [
        [READ, { address: '10.1.2.3' }],
        [READ, { address: 'fd00::1' }],
      ],
      [[READ, { address: '10.2.0.1' }]],
    ],
    [{ listener: 2 }, [[READ]], []],
    [{ listener: 'plant' }, [[READ]], []],
    [{ listener: 1 }, [], [[READ]]],
    [{ listener: 'plant 2' }, [], [[READ]]],
  ];
  test.each(cases)('%o', async (match, inside, outside) => {
    const { isHit } = await serve(new Faults([busy(match)]), { listener: 'plant', index: 2 });
    for (const [request, asked] of inside)
      expect([request, asked, await isHit(request, asked)]).toEqual([request, asked, true]);
    for (const [request, asked] of outside)
      expect([request, asked, await isHit(request, asked)]).toEqual([request, asked, false]);
  });

  test('clients of its listener, which a server without a place has none of', async () => {
    const { isHit } = await serve(new Faults([busy({ listener: 1 })]));
    expect(await isHit()).toBe(false);
  });
});

describe('a fault hits', () => {
  test('each n-th of its own requests', async () => {
    const { isHit, hits } = await serve(new Faults([busy({ every: 3, functions: [3] })]));
    expect(await isHit('fc:06 address:0001 value:0001')).toBe(false);
    expect(await hits(9)).toEqual([3, 6, 9]);
  });

  test('so many times, then it is switched off', async () => {
    const faults = new Faults([busy({ times: 2 })]);
    const switched = switches(faults);
    const { hits } = await serve(faults);
    expect(await hits(5)).toEqual([1, 2]);
    expect(switched.all).toMatchObject([{ active: false, why: 'times' }]);
    faults.switch('busy', true);
    expect(await hits(5)).toEqual([1, 2]);
    expect(faults.get('busy')).toMatchObject({ active: false, injected: 4 });
  });

  test('by chance as often as its probability says, and the same requests with the same seed', async () => {
    const draw = async (seed: number | undefined, others: FaultOptions[] = []) => {
      const { hits } = await serve(new Faults([busy({ probability: 0.3 }), ...others], { seed }));
      return hits(200);
    };
    const first = await draw(7);
    expect(first.length).toBeGreaterThan(40);
    expect(first.length).toBeLessThan(80);
    expect(await draw(7, [{ name: 'other', delay: '1ms', probability: 0.01 }])).toEqual(first);
    expect(await draw(8)).not.toEqual(first);
    expect(await draw(undefined)).toEqual(await draw(1));
  });

  test('while its time lasts, from when it was switched on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const faults = new Faults([busy({ for: '10s', active: false })]);
    const switched = switches(faults);
    const { isHit } = await serve(faults);
    expect(await isHit()).toBe(false);
    faults.switch('busy', true);
    expect(faults.get('busy')?.left).toBe(10_000);
    vi.advanceTimersByTime(9_000);
    expect(await isHit()).toBe(true);
    expect(faults.get('busy')?.left).toBe(1_000);
    faults.switch('busy', true);
    vi.advanceTimersByTime(9_999);
    expect(await isHit()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(await isHit()).toBe(false);
    expect(faults.get('busy')?.left).toBeUndefined();
    expect(switched.all.map(({ active, why }) => [active, why])).toEqual([
      [true, 'switched'],
      [false, 'for'],
    ]);
  });

  test('by a clock of the test', async () => {
    const timers: [number, () => void][] = [];
    let cancelled = 0;
    const clock = {
      after(milliseconds: number, callback: () => void) {
        timers.push([milliseconds, callback]);
        return () => {
          cancelled++;
        };
      },
    };
    const faults = new Faults([busy({ for: '40d' })], { clock });
    const { isHit } = await serve(faults);
    expect(await isHit()).toBe(true);
    const [[time, expire]] = timers;
    expect(time).toBe(40 * 86_400_000);
    expire();
    expect(await isHit()).toBe(false);
    cancelled = 0;
    faults.switch('busy', true);
    faults.switch('busy', false);
    expect([timers.length, cancelled]).toEqual([2, 1]);
  });

  afterEach(() => {
    vi.useRealTimers();
  });
});

test('a time longer than any timer ends when it should', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const faults = new Faults([busy({ for: '100d' })]);
  vi.advanceTimersByTime(100 * 86_400_000 - 1);
  expect(faults.get('busy')?.active).toBe(true);
  vi.advanceTimersByTime(1);
  expect(faults.get('busy')?.active).toBe(false);
});

describe('several faults', () => {
  test('hit one reply in their order, each what those before have left', async () => {
    const faults = new Faults([
      { name: 'first', garbage: 'AA', exception: 1 },
      { name: 'second', exception: 2, garbage: 'BB', duplicate: true },
      { name: 'third', wrongUnit: 9 },
    ]);
    const injected = injections(faults);
    const { connect } = await serve(faults);
    const { socket } = connect();
    socket.write(hex('transaction:0007 protocol:0000 length:0006 unit:01 fc:03 start:0005 quantity:0001'));
    const one = 'BBAA 0007 0000 0003 09 83 02'.replaceAll(' ', '');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect.poll(() => toHex(Buffer.concat(chunks))).toBe(one + one);
    expect(injected.all.map(({ fault, effects }) => `${fault.name}: ${effects.join(', ')}`)).toEqual([
      'first: exception 1',
      'second: exception 2',
      'first: 1 byte ahead of it',
      'second: 1 byte ahead of it, once more',
      'third: unit id 9',
    ]);
  });

  test('are each decided once for a request, before it is carried out or after', async () => {
    const faults = new Faults([
      busy({ name: 'a', every: 2, wrongUnit: 9 }),
      { name: 'b', every: 2, wrongTransaction: 0x1234 },
      { name: 'c', exception: 11, every: 4, unit: 9 },
    ]);
    const { connect } = await serve(faults);
    const client = connect();
    const replies: string[] = [];
    for (const unit of [1, 1, 9, 9, 9, 9]) {
      client.send(unit, hex(READ));
      const { transactionId = 0, unit: from, pdu = hex('') } = (await client.next()) ?? {};
      replies.push(`${transactionId} ${from} ${toHex(pdu)}`);
    }
    expect(replies).toEqual(['1 1 03020005', '4660 9 8306', '3 9 830B', '4660 9 8306', '5 9 830B', '4660 9 830B']);
  });
});

describe('the list of faults', () => {
  test('grows, shrinks and is switched while servers serve', async () => {
    const faults = new Faults();
    const { isHit } = await serve(faults);
    const switched = switches(faults);
    expect(await isHit()).toBe(false);
    const fault = faults.add(busy({ active: false }));
    expect([fault.name, fault.active, faults.list]).toEqual(['busy', false, [fault]]);
    expect(await isHit()).toBe(false);
    faults.switch('busy', true);
    expect(await isHit()).toBe(true);
    expect(faults.remove('busy')).toBe(true);
    expect(faults.remove('busy')).toBe(false);
    expect(await isHit()).toBe(false);
    expect(faults.list).toEqual([]);
    expect(switched.all.map(({ active, why }) => [active, why])).toEqual([
      [true, 'switched'],
      [false, 'removed'],
    ]);
  });

  test('is replaced: what is the same goes on as it is, and what has changed begins anew', async () => {
    const faults = new Faults([busy({ every: 2 }), { name: 'gone', silence: true, active: false }]);
    const { hits } = await serve(faults);
    expect(await hits(3)).toEqual([2]);
    const kept = faults.get('busy');
    faults.replace([{ name: 'new', delay: '1ms' }, busy({ every: 2 })]);
    expect(faults.get('busy')).toBe(kept);
    expect(faults.list.map(({ name, active }) => [name, active])).toEqual([
      ['new', true],
      ['busy', true],
    ]);
    expect(await hits(2)).toEqual([1]);
    faults.switch('busy', false);
    faults.replace([busy({ every: 2 })]);
    expect(faults.get('busy')?.active).toBe(false);
    faults.replace([busy({ every: 3 })]);
    expect(await hits(3)).toEqual([3]);
  });

  test('stays as it is if the new one is wrong', () => {
    const faults = new Faults([busy()]);
    expect(() => faults.replace([{ name: 'x' } as FaultOptions])).toThrow('expected a kind of fault');
    expect(() => faults.add(busy())).toThrow('[1].name: expected a name of its own');
    expect(() => faults.switch('bussy', true)).toThrow('there is no fault "bussy"; known are "busy"');
    expect(faults.list.map(({ name }) => name)).toEqual(['busy']);
  });

  test('has options that nobody changes any more', async () => {
    const options = busy();
    const faults = new Faults([options]);
    options.unit = 3;
    const { isHit } = await serve(faults);
    expect(await isHit()).toBe(true);
  });
});

describe('events', () => {
  test('tell what hit whom, and where', async () => {
    const faults = new Faults([busy({ delay: '1ms' })]);
    const injected = injections(faults);
    const { isHit } = await serve(faults, { listener: 'plant', index: 2 });
    await isHit(READ, { unit: 2, address: '10.0.0.7' });
    expect(injected.all).toMatchObject([
      { fault: { name: 'busy' }, peer: { address: '10.0.0.7' }, effects: ['exception 6'], listener: 'plant', index: 2 },
      { fault: { name: 'busy' }, effects: ['1 ms later'] },
    ] satisfies object[]);
    const [{ request }] = injected.all;
    expect(request).toMatchObject({ unitId: 2, decoded: { name: 'read holding registers', address: 5 } });
  });

  test('whose listeners throw change no reply', async () => {
    const warnings = catchWarnings();
    const faults = new Faults([busy({ active: false })]);
    for (const event of ['switched', 'injected'] as const) {
      faults.on(event, () => {
        throw new Error(`${event} failed`);
      });
    }
    const { isHit } = await serve(faults);
    faults.switch('busy', true);
    expect(await isHit()).toBe(true);
    expect(warnings.all.map(({ message }) => message)).toEqual(['switched failed', 'injected failed']);
  });
});
