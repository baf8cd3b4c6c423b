import { ModbusException, OptionsError, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { hex, text, toHex } from '../helpers/hex.js';
import { ask, serve } from '../helpers/served.js';

const identity = { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' };
const READ_VENDOR = 'fc:2B mei:0E code:04 object:00';
const vendorReply = (vendor: string, level = '81') =>
  toHex(
    hex(
      `fc:2B mei:0E code:04 level:${level} more:00 next:00 objects:01 id:00 length:${vendor.length.toString(16).padStart(2, '0')} ${text(vendor)}`,
    ),
  );

async function serveOne(unit: Unit, options: object = {}) {
  const { connect } = await serve({ units: [unit], ...options });
  const client = await connect();
  return (request: string) => ask(client, unit.id, request);
}

describe('files', () => {
  test('are created, read, written and deleted by the program while servers run', async () => {
    const unit = new Unit({ id: 1 });
    const request = await serveOne(unit);
    const read = 'fc:14 byteCount:07 type:06 file:0009 record:0005 length:0002';
    expect(await request(read)).toBe('9402');
    unit.files.create(9, { start: 5, values: [1, 2] });
    expect(await request(read)).toBe('14060506' + '00010002');
    await request('fc:15 dataLength:09 type:06 file:0009 record:0006 length:0001 values:BEEF');
    expect(unit.files.get(9)?.getRange(5, 2)).toEqual([1, 0xbeef]);
    expect(unit.files.numbers).toEqual([9]);
    expect(unit.files.delete(9)).toBe(true);
    expect(await request(read)).toBe('9402');
  });

  test('may be sparse: a group must lie within one run of records', async () => {
    const files = [
      { number: 1, start: 0, count: 2 },
      { number: 1, start: 100, values: [7, 8] },
      { number: 1, start: 2, values: [3] },
    ];
    const request = await serveOne(new Unit({ id: 1, files }));
    expect(await request('fc:14 byteCount:07 type:06 file:0001 record:0000 length:0003')).toBe(
      '14080706' + '000000000003',
    );
    expect(await request('fc:14 byteCount:07 type:06 file:0001 record:0064 length:0002')).toBe('14060506' + '00070008');
    expect(await request('fc:14 byteCount:07 type:06 file:0001 record:0003 length:0001')).toBe('9402');
  });

  test('may be the handlers of the program, called once per request', async () => {
    const calls: unknown[] = [];
    const files = {
      read: async (groups: readonly { file: number; record: number; length: number }[]) => {
        calls.push(groups.map(({ file, record, length }) => [file, record, length]));
        if (groups.some(({ file }) => file === 9)) throw new ModbusException(8);
        return groups.map(({ file, length }) => Array<number>(length).fill(file));
      },
      write: (groups: readonly { file: number; values: readonly number[] }[]) => {
        calls.push(groups.map(({ file, values }) => [file, ...values]));
      },
    };
    const request = await serveOne(new Unit({ id: 1, files }));
    expect(
      await request(
        'fc:14 byteCount:0E type:06 file:0002 record:0000 length:0001 type:06 file:0003 record:0001 length:0002',
      ),
    ).toBe('140A' + '03060002' + '050600030003');
    expect(await request('fc:14 byteCount:07 type:06 file:0009 record:0000 length:0001')).toBe('9408');
    const write = 'fc:15 dataLength:09 type:06 file:0002 record:0000 length:0001 values:1234';
    expect(await request(write)).toBe(toHex(hex(write)));
    expect(calls).toEqual([
      [
        [2, 0, 1],
        [3, 1, 2],
      ],
      [[9, 0, 1]],
      [[2, 0x1234]],
    ]);
  });
});

describe('FIFO queues', () => {
  test('are filled and drained by the program; clients see them unchanged', async () => {
    const unit = new Unit({ id: 1, fifos: [{ pointer: 500, values: [10, 20, 30] }] });
    const request = await serveOne(unit);
    expect(await request('fc:18 pointer:01F4')).toBe('18000800030' + '00A0014001E');
    expect(await request('fc:18 pointer:01F4')).toBe('18000800030' + '00A0014001E');
    const queue = unit.fifos.get(500);
    expect(queue?.drain(2)).toEqual([10, 20]);
    queue?.push(40, 50);
    expect(await request('fc:18 pointer:01F4')).toBe('18000800030' + '01E00280032');
    expect(queue?.drain()).toEqual([30, 40, 50]);
    expect(await request('fc:18 pointer:01F4')).toBe('1800020000');
    queue?.push(...Array<number>(31).fill(1));
    expect((await request('fc:18 pointer:01F4')).slice(0, 10)).toBe('180040001F');
    queue?.push(1);
    expect(await request('fc:18 pointer:01F4')).toBe('9803');
  });

  test('refuse what is no register, whole', () => {
    const queue = new Unit({ id: 1, fifos: [{ pointer: 5 }] }).fifos.get(5);
    expect(() => queue?.push(1, 65536)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(queue?.values).toEqual([]);
  });

  test('may be the handlers of the program', async () => {
    const fifos = {
      read: ({ pointer }: { pointer: number }) => {
        if (pointer === 7) throw new ModbusException(2);
        return Array<number>(pointer).fill(pointer);
      },
    };
    const request = await serveOne(new Unit({ id: 1, fifos }));
    expect(await request('fc:18 pointer:0002')).toBe('180006000200020002');
    expect(await request('fc:18 pointer:0007')).toBe('9802');
    expect(await request('fc:18 pointer:0020')).toBe('9803');
  });
});

describe('identity', () => {
  test('is settable while servers run', async () => {
    const unit = new Unit({ id: 1, identity });
    const request = await serveOne(unit);
    expect(await request(READ_VENDOR)).toBe(vendorReply('Acme'));
    unit.identity?.set(0, 'Other');
    expect(await request(READ_VENDOR)).toBe(vendorReply('Other'));
    unit.identity = { ...identity, vendorName: 'Third', vendorUrl: 'u' };
    expect(await request(READ_VENDOR)).toBe(vendorReply('Third', '82'));
    unit.identity?.set(128, { hex: '00ff' });
    expect(await request('fc:2B mei:0E code:04 object:80')).toBe('2B0E0483000001800200FF');
    unit.identity?.delete(128);
    expect(await request('fc:2B mei:0E code:04 object:80')).toBe('AB02');
  });

  test('of 244 bytes in one object is sent whole; 245 are refused when they are set', async () => {
    const unit = new Unit({ id: 1, identity: { ...identity, vendorName: 'x'.repeat(244) } });
    const request = await serveOne(unit);
    expect(await request(READ_VENDOR)).toBe(vendorReply('x'.repeat(244)));
    const more =
      toHex(hex('fc:2B mei:0E code:01 level:81 more:FF next:01 objects:01 id:00 length:F4')) + text('x'.repeat(244));
    expect(await request('fc:2B mei:0E code:01 object:00')).toBe(more);
    expect(() => unit.identity?.set(0, 'x'.repeat(245))).toThrow(OptionsError);
    expect(await request(READ_VENDOR)).toBe(vendorReply('x'.repeat(244)));
  });

  test('of the server is the default for units without one', async () => {
    const request = await serveOne(new Unit({ id: 1 }), { identity: { ...identity, vendorName: 'Server' } });
    expect(await request(READ_VENDOR)).toBe(vendorReply('Server'));
    const own = await serveOne(new Unit({ id: 1, identity }), { identity: { ...identity, vendorName: 'Server' } });
    expect(await own(READ_VENDOR)).toBe(vendorReply('Acme'));
  });

  test('that nobody gave is a function that is not there', async () => {
    const request = await serveOne(new Unit({ id: 1 }));
    expect(await request(READ_VENDOR)).toBe('AB01');
  });

  test('text goes out as UTF-8', async () => {
    const request = await serveOne(new Unit({ id: 1, identity: { ...identity, vendorName: 'é' } }));
    expect(await request(READ_VENDOR)).toBe('2B0E04810000010002C3A9');
  });
});

describe('server id and exception status', () => {
  test('are settable while servers run', async () => {
    const unit = new Unit({ id: 1 });
    const request = await serveOne(unit);
    unit.serverId = { id: { hex: 'ABCD' }, running: false, additional: 'x' };
    expect(await request('fc:11')).toBe('1104ABCD0078');
    unit.exceptionStatus = 0xa5;
    expect(await request('fc:07')).toBe('07A5');
  });

  test('07 mirrors eight coils, the first in bit 0', async () => {
    const unit = new Unit({ id: 1, coils: [{ start: 0, count: 20 }], exceptionStatus: { coils: 9 } });
    const request = await serveOne(unit);
    expect(await request('fc:07')).toBe('0700');
    unit.coils.set(9, [true, false, false, false, false, false, false, true, true]);
    expect(await request('fc:07')).toBe('0781');
    await request('fc:05 address:000A value:FF00');
    expect(await request('fc:07')).toBe('0783');
  });

  test('08/02 reads the diagnostic register, which 08/0A clears', async () => {
    const unit = new Unit({ id: 1 });
    const request = await serveOne(unit, { diagnostics: 'all' });
    unit.diagnosticRegister = 0x1234;
    expect(await request('fc:08 subFunction:0002 data:0000')).toBe('0800021234');
    await request('fc:08 subFunction:000A data:0000');
    expect(await request('fc:08 subFunction:0002 data:0000')).toBe('0800020000');
    expect(unit.diagnosticRegister).toBe(0);
  });
});
