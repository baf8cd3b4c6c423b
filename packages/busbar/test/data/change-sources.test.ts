import type { Peer } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record, turns } from '../helpers/events.js';
import { ask, serve } from '../helpers/served.js';
import { catchWarnings } from '../helpers/warnings.js';
import { createUnit } from './changing.js';

describe('who made a change', () => {
  test('is what the program says', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const result = unit.as('sharing', () => {
      unit.coils.set(0, false);
      unit.as('inner', () => unit.fifos.get(500)?.push(1));
      unit.holdingRegisters.set(0, 1);
      return 'done';
    });
    unit.coils.set(0, true);
    expect(result).toBe('done');
    expect(changed.all.map(({ by }) => by)).toEqual(['sharing', 'inner', 'sharing', 'program']);
  });

  test('may be the peer for whom a custom function works, without a write event', async () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const written = record(unit, 'write');
    const execute = (_: Uint8Array, context: { readonly peer: Peer }) => {
      unit.as(context, () => unit.coils.set(1, true));
      return [];
    };
    const { server, connect } = await serve({ units: [unit], customFunctions: [{ code: 65, execute }] });
    expect(await ask(await connect(), 1, 'fc:41')).toBe('41');
    expect(changed.all.map(({ by }) => by)).toEqual([{ peer: server.peers()[0] }]);
    expect(written.all).toEqual([]);
  });

  test('of what a listener does is the program, even while another source makes its changes', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    unit.on('change', ({ part }) => {
      if (part === 'coils') unit.holdingRegisters.set(0, 5);
    });
    unit.as('sharing', () => unit.coils.set(0, false));
    expect(changed.all.map(({ part, by }) => [part, by])).toEqual([
      ['coils', 'sharing'],
      ['holdingRegisters', 'program'],
    ]);
  });

  test('changes of one source are told when all are made, also if one of them fails', () => {
    const unit = createUnit();
    const seen: number[] = [];
    unit.on('change', () => seen.push(unit.holdingRegisters.get(1)));
    const change = () =>
      unit.as('sharing', () => {
        unit.holdingRegisters.set(0, 1);
        unit.holdingRegisters.set(1, 2);
        unit.holdingRegisters.set(4, 3);
      });
    expect(change).toThrow('address 4 does not exist');
    expect(seen).toEqual([2, 2]);
    const changed = record(unit, 'change');
    unit.coils.set(0, true);
    expect(changed.all.map(({ by }) => by)).toEqual(['program']);
  });

  test.each<[string, unknown, unknown, string]>([
    ['no name', '', () => undefined, 'source: expected a name, or an object with a peer, found ""'],
    ['a peer as it is', { transport: 'tcp' }, () => undefined, 'source: expected a name, or an object with a peer'],
    ['no function', 'api', undefined, 'change: expected a function'],
    ['an async function', 'api', async () => undefined, 'change: expected a synchronous function'],
  ])('%s is refused', (_, source, change, message) => {
    const unit = createUnit();
    expect(() => Reflect.apply(unit.as, unit, [source, change])).toThrow(message);
  });
});

describe('listeners', () => {
  test('that change the unit again are told of it next, in order', () => {
    const unit = createUnit();
    const order: number[] = [];
    unit.on('change', (event) => {
      if (event.part !== 'holdingRegisters') return;
      order.push(event.address);
      if (event.address < 3) unit.holdingRegisters.set(event.address + 1, 0);
    });
    unit.on('change', (event) => {
      if (event.part === 'holdingRegisters') order.push(event.address);
    });
    unit.holdingRegisters.set(0, 0);
    expect(order).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test.each([1, 2])('that answer each change with %i others leave the event loop its turns', async (others) => {
    const unit = createUnit();
    let told = 0;
    const listener = () => {
      told++;
      if (told < 5000) for (let i = 0; i < others; i++) unit.holdingRegisters.set(i, told);
    };
    unit.on('change', listener);
    unit.holdingRegisters.set(0, 1);
    const first = told;
    await turns(2);
    expect(first).toBeLessThan(1000);
    expect(told).toBeGreaterThan(first);
    unit.off('change', listener);
  });

  test('that throw or reject keep no other from being told, and are an error event of the unit', async () => {
    const unit = createUnit();
    const errors = record(unit, 'error');
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    unit.on('change', () => Promise.reject(new Error('and another')));
    const changed = record(unit, 'change');
    unit.coils.set(0, false);
    await turns();
    expect(changed.all).toHaveLength(1);
    expect(errors.all).toMatchObject([
      {
        name: 'HandlerError',
        code: 'HANDLER_FAILED',
        unit: 1,
        message: 'a listener failed: listener is broken (unit 1)',
      },
      { message: 'a listener failed: and another (unit 1)' },
    ]);
  });

  test('that throw are a process warning, if nobody listens to errors', () => {
    const warnings = catchWarnings();
    const unit = createUnit();
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    unit.coils.set(0, false);
    expect(warnings.all.map(({ message }) => message)).toEqual(['a listener failed: listener is broken (unit 1)']);
  });

  test("that throw at a client's write are an error event of its server", async () => {
    const unit = createUnit();
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    const { server, connect } = await serve({ units: [unit] });
    const errors = record(server, 'error');
    expect(await ask(await connect(), 1, 'fc:06 address:0002 value:0001')).toBe('0600020001');
    expect(errors.all[0]?.message).toContain('listener is broken');
  });

  test('may be removed while they are told', () => {
    const unit = createUnit();
    const heard: string[] = [];
    const second = () => heard.push('second');
    unit.once('change', () => heard.push('once'));
    unit.on('change', () => {
      heard.push('first');
      unit.off('change', second);
    });
    unit.on('change', second);
    unit.coils.set(0, false);
    unit.coils.set(0, true);
    expect(heard).toEqual(['once', 'first', 'second', 'first']);
  });

  test('are told after all others were removed', async () => {
    const unit = createUnit();
    unit.removeAllListeners();
    const changed = record(unit, 'change');
    const written = record(unit, 'write');
    const { connect } = await serve({ units: [unit] });
    await ask(await connect(), 1, 'fc:06 address:0002 value:0001');
    unit.coils.set(0, false);
    expect([changed.all.length, written.all.length]).toEqual([2, 1]);
    unit.removeAllListeners('change');
    unit.coils.set(0, true);
    expect(changed.all.length).toBe(2);
  });
});
