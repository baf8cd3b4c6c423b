import { ModbusException, ModbusStreamServer, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, it } from 'vitest';
import type { BackedRequest, Backing } from '../../src/data/backing.js';
import { putBehind } from '../../src/data/put-behind.js';
import { createGate, record } from '../helpers/events.js';
import { hex } from '../helpers/hex.js';
import { ask, createCountingUnit, serve } from '../helpers/served.js';

/** A backing that carries requests out as a test wants. */
function backedBy(unit: Unit, methods: Omit<Backing, 'name'>): () => void {
  return putBehind(unit, { name: 'a test', ...methods });
}

describe('what stands behind a unit', () => {
  it('gets the writes, with who asks, and decides what they are answered', async () => {
    const unit = createCountingUnit();
    const requests: BackedRequest[] = [];
    backedBy(unit, {
      write(request) {
        requests.push(request);
        return request.run();
      },
    });
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('0600051234');
    expect(await ask(client, 1, 'fc:03 start:0005 quantity:0001')).toBe('03021234');
    expect(await ask(client, 1, 'fc:06 address:0064 value:1234')).toBe('8602');
    expect(requests).toMatchObject([
      { functionCode: 6, custom: false, peer: { transport: 'tcp' } },
      { functionCode: 6, custom: false },
    ]);
  });

  it('is not asked about what the rules forbid', async () => {
    const unit = createCountingUnit();
    backedBy(unit, { write: () => expect.fail('it was asked') });
    const { connect, server } = await serve({ units: [unit], functions: [3] });
    const errors = record(server, 'error');
    const client = await connect();
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8601');
    expect(errors.all).toEqual([]);
  });

  it('rehearses a request without a trace', async () => {
    const unit = createCountingUnit();
    const rehearsals: ReturnType<BackedRequest['rehearse']>[] = [];
    const changes: unknown[] = [];
    backedBy(unit, {
      write(request) {
        rehearsals.push(request.rehearse());
        expect(changes).toEqual([]);
        expect(unit.holdingRegisters.getRange(5, 2)).toEqual([5, 6]);
        return request.run();
      },
      changed: (change, by, requested) => changes.push({ change, by: typeof by, requested }),
    });
    const [events, reads] = [record(unit, 'change'), record(unit, 'read')];
    const { connect } = await serve({ units: [unit] });
    const request = 'fc:17 read:0005 quantity:0001 write:0005 quantity:0002 bytes:04 1234 5678';
    expect(await ask(await connect(), 1, request)).toBe('17021234');
    const change = {
      part: 'holdingRegisters',
      address: 5,
      before: hex('0005 0006'),
      after: hex('1234 5678'),
    };
    expect(rehearsals).toEqual([{ result: 4, changes: [change] }]);
    expect(changes).toEqual([{ change, by: 'object', requested: true }]);
    expect([events.all.length, reads.all.length]).toEqual([1, 1]);
  });

  it('rehearses writes of coils, of records, and of coils that are bits of registers', async () => {
    const [plain, shared] = [
      new Unit({ id: 1, coils: [{ start: 0, count: 20 }], files: [{ number: 4, start: 0, count: 4 }] }),
      new Unit({ id: 2, shared: true, holdingRegisters: [{ start: 0, count: 4 }] }),
    ];
    const all: unknown[] = [];
    for (const unit of [plain, shared]) {
      backedBy(unit, {
        write(request) {
          all.push(...request.rehearse().changes);
          return request.run();
        },
      });
    }
    const { connect } = await serve({ units: [plain, shared] });
    const client = await connect();
    await ask(client, 1, 'fc:0F start:0003 quantity:0002 bytes:01 02');
    await ask(client, 1, 'fc:15 bytes:09 type:06 file:0004 record:0002 length:0001 ABCD');
    await ask(client, 2, 'fc:0F start:000F quantity:0002 bytes:01 03');
    expect(all).toEqual([
      { part: 'coils', address: 3, before: hex('00 00'), after: hex('00 01') },
      { part: 'files', file: 4, record: 2, before: hex('0000'), after: hex('ABCD') },
      { part: 'holdingRegisters', address: 0, before: hex('0000 0000'), after: hex('8000 0001') },
    ]);
  });

  it('refuses with a ModbusException; if it fails, the client gets exception 04, and the server tells of it', async () => {
    const unit = createCountingUnit();
    const failures = [new ModbusException(6), new Error('away')];
    backedBy(unit, {
      async write() {
        throw failures.shift();
      },
    });
    const { connect, server } = await serve({ units: [unit] });
    const errors = record(server, 'error');
    const client = await connect();
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8606');
    expect(await ask(client, 1, 'fc:06 address:0005 value:1234')).toBe('8604');
    expect(errors.all).toMatchObject([
      { code: 'HANDLER_FAILED', message: expect.stringMatching(/away/), unit: 1, address: 5 },
    ]);
  });

  it('gets reads, too, if it wants them, in order with the writes of the same connection', async () => {
    const unit = createCountingUnit();
    const gate = createGate();
    backedBy(unit, {
      async write(request) {
        await gate.opened;
        return request.run();
      },
      read: async (request) => request.run(),
    });
    const { connect } = await serve({ units: [unit] });
    const [one, other] = [await connect(), await connect()];
    const write = ask(one, 1, 'fc:06 address:0005 value:1234');
    one.send(1, hex('03 0005 0001'));
    expect(await ask(other, 1, 'fc:03 start:0005 quantity:0001')).toBe('03020005');
    gate.open();
    expect(await write).toBe('0600051234');
    expect((await one.next())?.pdu).toEqual(hex('03 02 1234'));
  });

  it('carries out broadcasts, which nobody is answered', async () => {
    const units = [1, 2].map((id) => createCountingUnit(id));
    const writing = createGate<number>();
    let begun = 0;
    for (const unit of units) {
      backedBy(unit, {
        async write(request) {
          begun++;
          if (begun === 2) writing.open(begun);
          return request.run();
        },
      });
    }
    const server = new ModbusStreamServer({ units, framing: 'rtu' });
    await server.listen();
    const [client, end] = createConnectionPair();
    server.accept(end);
    client.write(hex('unit:00 fc:06 address:0000 value:0007 crc:C9D9'));
    await writing.opened;
    await server.close();
    expect(units.map(({ holdingRegisters }) => holdingRegisters.get(0))).toEqual([7, 7]);
    expect(client.read()).toBe(null);
  });

  it('is one', () => {
    const unit = createCountingUnit();
    const takeOff = backedBy(unit, {});
    expect(() => backedBy(unit, {})).toThrow(
      expect.objectContaining({ code: 'UNIT_BACKED', message: expect.stringMatching(/a test/) }),
    );
    takeOff();
    backedBy(unit, {})();
  });
});
