import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type FrameReader,
  type Framing,
  ModbusSerialServer,
  ModbusStreamServer,
  ModbusUdpServer,
  type Outcome,
  type TraceMessage,
  Unit,
} from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createRecorder, record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { udpStream } from '../helpers/udp-stream.js';

/** A frame of these tests: how many bytes the PDU has, the unit id, the PDU. */
const READ = hex('length:05 unit:01 fc:03 start:0000 quantity:0001');
const REPLY = '0401030200' + '14';
/** What makes a reader of these tests go wrong. */
const EVIL = hex('EE*4');

class LengthReader implements FrameReader {
  position = 0;
  transactionId = 0;
  problem = '';
  bytes = Buffer.alloc(0);
  #complete = false;

  get unitId(): number {
    return this.bytes[1];
  }
  readonly pduStart: number = 2;
  get pduEnd(): number {
    return this.bytes.length;
  }
  get incomplete(): boolean {
    return !this.#complete && this.bytes.length > 0;
  }

  next(chunk: Uint8Array, at: number): Outcome {
    if (this.#complete) this.bytes = Buffer.alloc(0);
    this.#complete = false;
    for (this.position = at; this.position < chunk.length && !this.#complete; ) {
      this.bytes = Buffer.concat([this.bytes, chunk.subarray(this.position, ++this.position)]);
      this.#complete = this.bytes.length > 2 && this.bytes.length === 2 + this.bytes[0];
    }
    return this.#complete ? 'frame' : 'more';
  }

  whole(datagram: Uint8Array): Outcome {
    return this.next(datagram, 0);
  }
}

const framing: Framing = {
  name: 'length',
  sharedLine: false,
  headerLength: 2,
  silence: 0,
  silenceShares: 1,
  maxLength: (maxPduLength) => 2 + maxPduLength,
  createReader: () => new LengthReader(),
  seal(target, start, pduLength, _transactionId, unitId) {
    target[start] = pduLength;
    target[start + 1] = unitId;
    return start + 2 + pduLength;
  },
};

const units = () => [new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 0xeeee] }] })];
const servers: ModbusStreamServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

async function serve(own: Framing) {
  const server = new ModbusStreamServer({ units: units(), framing: own });
  servers.push(server);
  const errors = record(server, 'error');
  const disconnects = record(server, 'disconnect');
  await server.listen();
  const connect = () => {
    const [client, served] = createConnectionPair();
    server.accept(served);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    client.on('end', () => client.end());
    return { client, received };
  };
  return { server, errors, disconnects, connect };
}

describe('a framing of one’s own', () => {
  test('serves requests, however they are cut', async () => {
    const { connect } = await serve(framing);
    for (let cut = 0; cut <= 2 * READ.length; cut++) {
      const { client, received } = connect();
      const both = Buffer.concat([READ, READ]);
      client.write(both.subarray(0, cut));
      client.write(both.subarray(cut));
      for (let count = 1; received.all.join('').length < 2 * REPLY.length; count++) await received.reached(count);
      expect(received.all.join('')).toBe(REPLY + REPLY);
      client.destroy();
    }
  });

  test('has unit ids as on TCP, or as on a line', async () => {
    const direct = await serve(framing);
    const direct1 = direct.connect();
    direct1.client.write(hex('length:05 unit:00 fc:03 start:0000 quantity:0001'));
    direct1.client.write(hex('length:05 unit:09 fc:03 start:0000 quantity:0001'));
    await direct1.received.reached(2);
    expect(direct1.received.all).toEqual(['04000302' + '0014', '0209' + '830B']);

    const line = await serve({ ...framing, sharedLine: true });
    const line1 = line.connect();
    line1.client.write(hex('length:05 unit:00 fc:06 address:0000 value:0015'));
    line1.client.write(hex('length:05 unit:09 fc:03 start:0000 quantity:0001'));
    line1.client.write(READ);
    await line1.received.reached(1);
    expect(line1.received.all).toEqual(['04010302' + '0015']);
  });

  test('is named in traces', async () => {
    const traced: string[] = [];
    const listener = (message: unknown) => traced.push((message as TraceMessage).framing);
    subscribe('busbar:request', listener);
    const { connect } = await serve(framing);
    const { client, received } = connect();
    client.write(READ);
    await received.reached(1);
    unsubscribe('busbar:request', listener);
    expect(traced).toEqual(['length']);
  });

  test('serves datagrams', async () => {
    await using server = await new ModbusUdpServer({ units: units(), framing, port: 0 }).listen();
    const client = await udpStream(server.address()?.port ?? 0);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    client.write(READ);
    expect(await received.reached(1)).toEqual([REPLY]);
    client.destroy();
  });

  test('serves a serial line', async () => {
    const port = new FakePort();
    await using server = new ModbusSerialServer({ units: units(), port, framing });
    await server.listen();
    port.receive(READ);
    expect(await port.done(1)).toEqual([`write ${REPLY}`]);
  });
});

const WRONG: readonly [title: string, framing: unknown, path: string, says: string][] = [
  ['no framing', 5, 'framing', 'mbap'],
  ['a name that there is not', 'binary', 'framing', 'rtu'],
  ['a name that is taken', { ...framing, name: 'rtu' }, 'framing.name', 'of its own'],
  ['no name', { ...framing, name: undefined }, 'framing.name', 'string'],
  ['a key that it does not know', { ...framing, header: 2 }, 'framing.header', 'unknown'],
  ['no seal', { ...framing, seal: undefined }, 'framing.seal', 'function'],
  ['a negative header', { ...framing, headerLength: -1 }, 'framing.headerLength', '-1'],
  ['a longest frame that is shorter than its PDU', { ...framing, maxLength: () => 254 }, 'framing.maxLength', '255'],
  ['a longest frame without an end', { ...framing, maxLength: () => Infinity }, 'framing.maxLength', 'Infinity'],
  ['an endless silence', { ...framing, silence: 1e9 }, 'framing.silence', '60000'],
  ['no answer to whether others are on the line', { ...framing, sharedLine: undefined }, 'framing.sharedLine', 'true'],
];

test.each(WRONG)('an option with %s is refused', (_, own, path, says) => {
  const create = () => new ModbusStreamServer({ units: [], framing: own as Framing });
  expect(create).toThrow(new RegExp(`^${path}: .*${says}`));
});

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
    'throws something that can not be shown',
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
