import { type Framing, ModbusSerialServer, ModbusUdpServer, type Outcome } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createRecorder, record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { udpStream } from '../helpers/udp-stream.js';
import { framing, LengthReader, READ, REPLY, serve, units } from './length-framing.js';

/** What makes a reader of these tests go wrong. */
const EVIL = hex('EE*4');

/** A reader that goes wrong when it reads EE. */
function evilReader(goWrong: (reader: LengthReader, chunk: Uint8Array, at: number) => unknown): Framing {
  const createReader = () => {
    const reader = new LengthReader();
    const { next } = reader;
    reader.next = (chunk, at) =>
      (chunk[at] === 0xee ? goWrong(reader, chunk, at) : next.call(reader, chunk, at)) as Outcome;
    return reader;
  };
  return { ...framing, createReader };
}

/** A reader that describes a frame wrongly. */
function lyingReader(lie: PropertyDescriptorMap): Framing {
  return evilReader((reader, chunk) => {
    reader.bytes = Buffer.from(READ);
    reader.position = chunk.length;
    Object.defineProperties(reader, lie);
    return 'frame';
  });
}

const throwing = {
  get() {
    throw new Error('a getter that throws');
  },
};

const READER_FAULTS: readonly [title: string, framing: Framing][] = [
  [
    'throws',
    evilReader(() => {
      throw new Error('broken');
    }),
  ],
  [
    'throws something that cannot be shown',
    evilReader(() => {
      throw Object.create(null, { message: throwing });
    }),
  ],
  ['returns another word', evilReader(() => 'done')],
  ['returns nothing', evilReader(() => undefined)],
  ['returns a promise', evilReader(async () => 'frame')],
  [
    'finds frames in nothing, for ever',
    evilReader((reader, _, at) => Object.assign(reader, { bytes: READ, position: at }) && 'frame'),
  ],
  ['goes back in the chunk', lyingReader({ position: { value: -1 } })],
  ['goes beyond the chunk', lyingReader({ position: { value: 99 } })],
  ['does not know where it is', lyingReader({ position: { value: Number.NaN } })],
  ['has a frame that is no bytes', lyingReader({ bytes: { value: 'frame' } })],
  ['has a PDU ahead of its bytes', lyingReader({ pduStart: { value: -1 } })],
  ['has a PDU that ends beyond its bytes', lyingReader({ pduEnd: { value: 99 } })],
  ['has an empty PDU', lyingReader({ pduEnd: { value: 2 } })],
  ['has a PDU that is too long', lyingReader({ bytes: { value: Buffer.alloc(4096) }, pduEnd: { value: 4096 } })],
  ['has a unit id above 255', lyingReader({ unitId: { value: 256 } })],
  ['has half a transaction id', lyingReader({ transactionId: { value: 0.5 } })],
  ['throws when it is asked for the PDU', lyingReader({ pduEnd: throwing })],
  ['throws when it is asked whether it waits', lyingReader({ incomplete: throwing })],
  [
    'throws when it is asked for the problem',
    evilReader((reader) => {
      Object.defineProperties(reader, { problem: throwing });
      return 'fatal';
    }),
  ],
];

describe('a reader of one’s own', () => {
  test.each(READER_FAULTS)('that %s costs its connection, and no other', async (_, own) => {
    const { errors, disconnects, connect } = await serve(own);
    const [good, bad] = [connect(), connect()];
    bad.client.write(Buffer.concat([READ, EVIL]));
    await disconnects.reached(1);
    expect(disconnects.all[0].error).toMatchObject({
      code: 'INVALID_FRAME',
      message: expect.stringContaining('"length" failed'),
    });
    expect(errors.all).toEqual([expect.objectContaining({ code: 'HANDLER_FAILED' })]);
    expect(bad.received.all).toEqual([REPLY]);
    good.client.write(READ);
    expect(await good.received.reached(1)).toEqual([REPLY]);
  });

  test('that is not there costs its connection', async () => {
    const created: number[] = [];
    const { errors, disconnects, connect } = await serve({
      ...framing,
      createReader() {
        if (created.push(1) === 1) throw new Error('not yet');
        return new LengthReader();
      },
    });
    connect().client.write(READ);
    await disconnects.reached(1);
    expect(errors.all.map(({ message }) => message)).toEqual(['the framing "length" failed: not yet']);
    const { client, received } = connect();
    client.write(READ);
    expect(await received.reached(1)).toEqual([REPLY]);
  });

  test('that gives up says why, which is no fault', async () => {
    const { errors, disconnects, connect } = await serve(
      evilReader((reader) => {
        reader.problem = 'EE is no length';
        return 'fatal';
      }),
    );
    const { client, received } = connect();
    client.write(Buffer.concat([READ, EVIL]));
    await disconnects.reached(1);
    expect(disconnects.all[0].error).toMatchObject({ code: 'INVALID_FRAME', message: 'EE is no length' });
    expect([errors.all, received.all]).toEqual([[], [REPLY]]);
  });

  test('that fails at a datagram costs that datagram', async () => {
    const own = evilReader(() => {
      throw new Error('broken');
    });
    await using server = new ModbusUdpServer({ units: units(), framing: own, port: 0 });
    const errors = record(server, 'error');
    await server.listen();
    const client = await udpStream(server.address()?.port ?? 0);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    client.write(EVIL);
    await errors.reached(1);
    client.write(READ);
    expect(await received.reached(1)).toEqual([REPLY]);
    expect(server.counters.communicationErrors).toBe(1);
    client.destroy();
  });

  test('that fails on a serial line loses the line', async () => {
    const port = new FakePort();
    const own = evilReader(() => 'nothing');
    const server = new ModbusSerialServer({ units: units(), port, framing: own });
    server.on('error', () => {});
    const lost = record(server, 'portLost');
    await server.listen();
    port.receive(EVIL);
    const [event] = await lost.reached(1);
    expect(event).toMatchObject({ error: { code: 'INVALID_FRAME' }, reopening: false });
    await server.close();
  });
});

/** Seals replies with EE in them wrongly. */
function evilSeal(goWrong: (...args: Parameters<Framing['seal']>) => unknown): Framing {
  return {
    ...framing,
    seal(...args) {
      const [target, start, pduLength] = args;
      const evil = target.subarray(start + 2, start + 2 + pduLength).includes(0xee);
      return (evil ? goWrong(...args) : framing.seal(...args)) as number;
    },
  };
}

const SEAL_FAULTS: readonly [title: string, framing: Framing][] = [
  [
    'throws',
    evilSeal(() => {
      throw new Error('broken');
    }),
  ],
  ['returns nothing', evilSeal(() => undefined)],
  ['ends beyond the longest frame', evilSeal(() => 256)],
  ['ends ahead of its beginning', evilSeal((_, start) => start - 1)],
  ['returns a promise', evilSeal(async () => 5)],
];

test.each(SEAL_FAULTS)('a seal that %s costs its connection, and no other', async (_, own) => {
  const { errors, disconnects, connect } = await serve(own);
  const [good, bad] = [connect(), connect()];
  const readEvil = hex('length:05 unit:01 fc:03 start:0001 quantity:0001');
  const write = hex('length:05 unit:01 fc:06 address:0000 value:0063');
  bad.client.write(Buffer.concat([readEvil, write]));
  await disconnects.reached(1);
  expect(disconnects.all[0].error).toMatchObject({ code: 'INVALID_FRAME' });
  expect(errors.all).toEqual([expect.objectContaining({ code: 'HANDLER_FAILED' })]);
  good.client.write(READ);
  expect(await good.received.reached(1)).toEqual([REPLY]);
});

test('a seal reaches only the place of its own frame', async () => {
  const rooms: number[][] = [];
  const { connect } = await serve({
    ...framing,
    seal(target, start, ...rest) {
      rooms.push([start, target.length]);
      return framing.seal(target, start, ...rest);
    },
  });
  const { client, received } = connect();
  client.write(Buffer.concat([READ, READ]));
  await received.reached(1);
  expect([received.all.join(''), rooms]).toEqual([
    REPLY + REPLY,
    [
      [0, 255],
      [0, 255],
    ],
  ]);
});
