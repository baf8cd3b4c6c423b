import { type PointChangeEvent, type PointWriteEvent, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { ask, serve } from '../helpers/served.js';

function createUnit() {
  return new Unit({
    id: 1,
    holdingRegisters: [{ start: 100, count: 2 }],
    points: {
      flow: { at: 'holding 0', type: 'int16', scale: 0.1, value: 65 },
      total: { at: 'holding 1', type: 'int32', value: 65_536 },
      mode: { at: 'holding 3', labels: { 0: 'off', 1: 'auto' } },
      command: { at: 'holding 4', type: 'bits', labels: { 0: 'run', 1: 'reset' } },
      run: { at: 'holding 4.0' },
      reset: { at: 'holding 4.1' },
      pump: { at: 'coil 3' },
      level: { at: 'input 0' },
    },
  });
}

/** Name, new and old value of each event. */
function shown(events: readonly (PointWriteEvent | PointChangeEvent)[]) {
  return events.map(({ point, value, previous }) => [point.name, value, previous]);
}

async function connect(unit: Unit) {
  return (await serve({ units: [unit] })).connect();
}

describe('a write of a client', () => {
  test.each<[string, string, unknown[]]>([
    ['a scaled value', 'fc:06 address:0000 value:FFF6', [['flow', -1, 65]]],
    ['the value that is there', 'fc:06 address:0000 value:028A', [['flow', 65, 65]]],
    ['one half of a value', 'fc:06 address:0002 value:0001', [['total', 65_537, 65_536]]],
    ['a label', 'fc:06 address:0003 value:0001', [['mode', 'auto', 'off']]],
    ['a coil', 'fc:05 address:0003 value:FF00', [['pump', true, false]]],
    [
      'a register with points for its bits, of which one changes',
      'fc:06 address:0004 value:0002',
      [
        ['command', ['reset'], []],
        ['reset', true, false],
      ],
    ],
    [
      'several points at once',
      'fc:10 start:0000 quantity:0004 byteCount:08 values:000A_0000_0005_0001',
      [
        ['flow', 1, 65],
        ['total', 5, 65_536],
        ['mode', 'auto', 'off'],
      ],
    ],
    ['registers without a point', 'fc:06 address:0064 value:0001', []],
  ])('is told with the points, their values and the client: %s', async (_, request, expected) => {
    const unit = createUnit();
    const events: PointWriteEvent[] = [];
    unit.on('pointWrite', (event) => events.push(event));
    const client = await connect(unit);
    await ask(client, 1, request);
    expect(shown(events)).toEqual(expected);
    for (const event of events) {
      expect(event).toMatchObject({ unit, peer: { transport: 'tcp', address: '127.0.0.1' } });
    }
  });

  test('is carried out, answered and told to all, even if a listener throws', async () => {
    const unit = createUnit();
    const told: string[] = [];
    for (const name of ['pointChange', 'pointWrite'] as const) {
      unit.on(name, () => {
        throw new Error(`${name} is broken`);
      });
      unit.on(name, ({ point }) => told.push(`${name} ${point.name}`));
    }
    const { server, connect: open } = await serve({ units: [unit] });
    const errors: string[] = [];
    server.on('error', ({ message }) => errors.push(message));
    expect(await ask(await open(), 1, 'fc:06 address:0000 value:0001')).toBe('0600000001');
    expect(told).toEqual(['pointChange flow', 'pointWrite flow']);
    expect(errors).toEqual([
      expect.stringContaining('a listener failed: pointChange is broken'),
      expect.stringContaining('a listener failed: pointWrite is broken'),
    ]);
  });

  test('that is refused is not told', async () => {
    const unit = createUnit();
    const events: unknown[] = [];
    unit.on('pointWrite', (event) => events.push(event)).on('pointChange', (event) => events.push(event));
    const client = await connect(unit);
    await ask(client, 1, 'fc:06 address:0003 value:0005');
    await ask(client, 1, 'fc:10 start:0004 quantity:0002 byteCount:04 values:0000_0000');
    expect(events).toEqual([]);
  });

  test('has no value where memory holds none of the type', async () => {
    const unit = new Unit({ id: 1, points: { digits: { at: 'holding 0', type: 'bcd', value: 12 } } });
    const events: PointWriteEvent[] = [];
    unit.on('pointWrite', (event) => events.push(event));
    const client = await connect(unit);
    await ask(client, 1, 'fc:06 address:0000 value:000A');
    await ask(client, 1, 'fc:06 address:0000 value:0010');
    expect(shown(events)).toEqual([
      ['digits', undefined, 12],
      ['digits', 10, undefined],
    ]);
  });

  test('is told before the client is answered, after the other events', async () => {
    const unit = createUnit();
    const order: string[] = [];
    for (const name of ['change', 'write', 'pointChange', 'pointWrite'] as const) unit.on(name, () => order.push(name));
    const client = await connect(unit);
    await ask(client, 1, 'fc:06 address:0000 value:0001');
    expect(order).toEqual(['change', 'write', 'pointChange', 'pointWrite']);
  });
});

describe('a change of a point', () => {
  test('is told whoever makes it, with its source and time', async () => {
    const unit = createUnit();
    const events: PointChangeEvent[] = [];
    unit.on('pointChange', (event) => events.push(event));
    const before = Date.now();
    unit.points.level.value = 7;
    unit.as('simulator', () => unit.inputRegisters.set(0, 8));
    const client = await connect(unit);
    await ask(client, 1, 'fc:05 address:0003 value:FF00');
    expect(shown(events)).toEqual([
      ['level', 7, 0],
      ['level', 8, 7],
      ['pump', true, false],
    ]);
    expect(events.map(({ by }) => by)).toEqual([
      'program',
      'simulator',
      { peer: expect.objectContaining({ address: '127.0.0.1' }) },
    ]);
    for (const { time } of events) expect(time).toBeGreaterThanOrEqual(before);
  });

  test('is only told if its registers have changed', () => {
    const unit = createUnit();
    const events: PointChangeEvent[] = [];
    unit.on('pointChange', (event) => events.push(event));
    unit.points.flow.value = 65;
    unit.holdingRegisters.set(0, [650, 1, 1]);
    unit.points.run.value = true;
    unit.holdingRegisters.set(100, 1);
    expect(shown(events)).toEqual([
      ['total', 65_537, 65_536],
      ['command', ['run'], []],
      ['run', true, false],
    ]);
  });

  test('by a listener is told after every listener has got the earlier one', () => {
    const unit = createUnit();
    const seen: unknown[] = [];
    unit.on('pointChange', ({ point, value }) => {
      if (point.name === 'mode') unit.points.flow.value = value === 'auto' ? 70 : 20;
    });
    unit.on('pointChange', ({ point, value }) => seen.push([point.name, value]));
    unit.points.mode.value = 'auto';
    expect(seen).toEqual([
      ['mode', 'auto'],
      ['flow', 70],
    ]);
  });

  test('is not told any more once nobody listens', () => {
    const unit = createUnit();
    const seen: string[] = [];
    const listener = ({ point }: PointChangeEvent) => seen.push(point.name);
    unit.on('pointChange', listener);
    unit.points.flow.value = 1;
    unit.off('pointChange', listener);
    unit.points.flow.value = 2;
    expect(seen).toEqual(['flow']);
  });
});
