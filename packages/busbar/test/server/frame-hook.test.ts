import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RequestHandler, ServerOptions, TraceMessage } from 'busbar';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGate, record, turns } from '../helpers/events.js';
import { hostile, never } from '../helpers/handled-unit.js';
import { hex, toHex } from '../helpers/hex.js';
import { encodeRaw, RAW_WIRES, servePty, serveStream, serveTcp, serveUdp } from '../helpers/raw-wires.js';
import { createCountingUnit, readRegister } from '../helpers/served.js';

type FrameHook = NonNullable<RequestHandler['frame']>;

/** A server with unit 1, whose registers hold their own addresses. */
function withHook(frame: FrameHook, more: Partial<ServerOptions> = {}): ServerOptions {
  return { units: [createCountingUnit()], handler: { frame }, ...more };
}

const read = (address: number, transactionId = 1, unit = 1) =>
  encodeRaw('mbap', { transactionId, unit, pdu: readRegister(address) });
const answer = (address: number, transactionId = 1) =>
  toHex(encodeRaw('mbap', { transactionId, pdu: Uint8Array.of(3, 2, 0, address) }));
/** Bytes of an MBAP frame with the value of one register. */
const ANSWER_LENGTH = 11;

const LABEL = hex('text:DEADBEEF');

describe.each(RAW_WIRES)('the hook frame over $name', ({ framing, serve }) => {
  const request = (pdu: string, unit = 1) => encodeRaw(framing, { unit, pdu: hex(pdu) });
  const reply = (pdu: string, unit = 1) => toHex(encodeRaw(framing, { unit, pdu: hex(pdu) }));

  test('is told of a reply, and sends it as the server would', async () => {
    const seen: unknown[] = [];
    const { connect } = await serve(
      withHook((framed, { pdu }, wire) => {
        seen.push([framed.framing, framed.transactionId, framed.unitId, toHex(framed.pdu), toHex(pdu)]);
        wire.send(framed.encode());
      }),
    );
    const client = await connect();
    client.write(request('fc:03 start:0005 quantity:0001'));
    const expected = reply('fc:03 bytes:02 value:0005');
    expect(await client.take(expected.length / 2)).toBe(expected);
    expect(seen).toEqual([[framing, framing === 'mbap' ? 1 : 0, 1, '03020005', '0300050001']]);
  });

  test('sends whatever bytes it wants, and frames of other replies with good checksums', async () => {
    const { connect } = await serve(
      withHook((framed, _request, wire) => {
        const bytes = framed.encode({ unitId: 9, pdu: hex('fc:83 code:06') });
        wire.send(Buffer.concat([LABEL, bytes]));
        wire.send(bytes.subarray(0, 5));
      }),
    );
    const client = await connect();
    client.write(request('fc:03 start:0005 quantity:0001'));
    const other = reply('fc:83 code:06', 9);
    const expected = `${toHex(LABEL)}${other}${other.slice(0, 10)}`;
    expect(await client.take(expected.length / 2)).toBe(expected);
  });

  test('sees exceptions, and keeps a reply to itself: the next one comes first', async () => {
    const seen: string[] = [];
    const { connect } = await serve(
      withHook((framed, _request, wire) => {
        seen.push(toHex(framed.pdu));
        if (seen.length > 1) wire.send(framed.encode());
      }),
    );
    const client = await connect();
    client.write(request('fc:03 start:0063 quantity:0002'));
    await expect.poll(() => seen).toEqual(['8302']);
    client.write(request('fc:03 start:0007 quantity:0001'));
    const expected = reply('fc:03 bytes:02 value:0007');
    expect(await client.take(expected.length / 2)).toBe(expected);
  });

  test('makes a pause between the parts of a reply', async () => {
    const { connect } = await serve(
      withHook(async (framed, _request, wire) => {
        const bytes = framed.encode();
        wire.send(bytes.subarray(0, 3));
        if (await wire.pause(5)) wire.send(bytes.subarray(3));
      }),
    );
    const client = await connect();
    client.write(request('fc:03 start:0005 quantity:0001'));
    const expected = reply('fc:03 bytes:02 value:0005');
    expect(await client.take(expected.length / 2)).toBe(expected);
  });
});

describe('the hook frame', () => {
  test('is called for the reply to a unit that does not exist', async () => {
    const { connect } = await serveTcp(
      withHook((framed, request, wire) => {
        wire.send(framed.encode({ pdu: Uint8Array.of(...framed.pdu, request.unitId) }));
      }),
    );
    const client = await connect();
    client.write(read(5, 1, 7));
    expect(await client.take(10)).toBe('0001 0000 0004 07 83 0B 07'.replaceAll(' ', ''));
  });

  test('is not called where nobody is answered: a swallowed request, a silent policy', async () => {
    const seen: number[] = [];
    const { connect } = await serveTcp({
      units: [createCountingUnit(), createCountingUnit(2)],
      unknownUnit: 'silent',
      handler: {
        execute: ({ unitId }, next) => (unitId === 2 ? null : next()),
        frame(framed, { unitId }, wire) {
          seen.push(unitId);
          wire.send(framed.encode());
        },
      },
    });
    const client = await connect();
    client.write(read(5, 1, 9), read(5, 2, 2), read(5, 3));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(5, 3));
    expect(seen).toEqual([1]);
  });

  test('gets the request that execute and send got, and the reply that they made', async () => {
    const seen: unknown[] = [];
    const { connect } = await serveTcp({
      units: [createCountingUnit()],
      handler: {
        execute: (request, next) => {
          seen.push(request);
          return next();
        },
        send: (_reply, request) => {
          seen.push(request);
          return hex('fc:03 bytes:02 value:0009');
        },
        frame(framed, request, wire) {
          seen.push(request);
          wire.send(framed.encode());
        },
      },
    });
    const client = await connect();
    client.write(read(5));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(9));
    expect(new Set(seen).size).toBe(1);
    expect(seen.length).toBe(3);
  });

  test('holds the replies behind it until it is done, whichever hooks they have, and no other connection', async () => {
    const gate = createGate();
    const order: number[] = [];
    const { connect } = await serveTcp(
      withHook(async (framed, { decoded }, wire) => {
        order.push(decoded.address ?? -1);
        if (decoded.address === 1) await gate.opened;
        wire.send(framed.encode());
      }),
    );
    const [client, other] = [await connect(), await connect()];
    client.write(read(0, 1), read(1, 2), read(2, 3));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(0, 1));
    other.write(read(9));
    expect(await other.take(ANSWER_LENGTH)).toBe(answer(9));
    expect(order).toEqual([0, 1, 9]);
    gate.open();
    expect(await client.take(2 * ANSWER_LENGTH)).toBe(answer(1, 2) + answer(2, 3));
    expect(order).toEqual([0, 1, 9, 2]);
  });

  test('comes behind replies of the same chunk that went without it', async () => {
    let idle = true;
    const unit = createCountingUnit();
    unit.on('read', ({ address }) => {
      idle = address < 1;
    });
    const { connect } = await serveTcp({
      units: [unit],
      handler: { idle: () => idle, frame: (framed, _request, wire) => wire.send(framed.encode({ unitId: 9 })) },
    });
    const client = await connect();
    client.write(Buffer.concat([read(1, 1), read(0, 2), read(2, 3)]));
    const mended = answer(0, 2).replace('000501', '000509');
    expect(await client.take(3 * ANSWER_LENGTH)).toBe(answer(1, 1) + mended + answer(2, 3));
  });

  test('counts what it sends, and nothing else', async () => {
    const { server, connect } = await serveTcp(withHook((_framed, _request, wire) => wire.send(LABEL)));
    const client = await connect();
    client.write(read(0));
    await client.take(4);
    expect(server.counters).toMatchObject({ requests: 1, replies: 1, bytesSent: 4 });
  });

  test('may use its buffer again, and what it sends later than it is done is dropped', async () => {
    const late = createGate();
    const { connect } = await serveTcp(
      withHook(({ transactionId }, _request, wire) => {
        const buffer = Uint8Array.from(LABEL);
        wire.send(buffer);
        buffer.fill(0);
        if (transactionId === 1) void late.opened.then(() => wire.send(buffer));
      }),
    );
    const client = await connect();
    client.write(read(0, 1));
    expect(await client.take(4)).toBe('DEADBEEF');
    late.open();
    await turns();
    client.write(read(0, 2));
    expect(await client.take(4)).toBe('DEADBEEF');
  });
});

describe('a frame hook that fails lets nothing pass, and the next reply is sent:', () => {
  const failures: [string, FrameHook, string][] = [
    [
      'it throws',
      () => {
        throw new Error('broken');
      },
      'the hook frame failed: broken',
    ],
    ['it rejects', () => Promise.reject(new Error('broken')), 'the hook frame failed: broken'],
    ['its promise is hostile', () => hostile as never, 'the hook frame failed: a getter that throws'],
    ['it sends text', (_framed, _request, wire) => wire.send('text' as never), 'send() takes bytes, found "text"'],
    ['it waits backwards', async (_f, _r, wire) => void (await wire.pause(-1)), 'pause() takes 0 to 2147483647'],
    ['its unit id is none', (framed) => void framed.encode({ unitId: 256 }), 'unitId: expected an integer from 0'],
    ['its PDU is empty', (framed) => void framed.encode({ pdu: hex('') }), 'pdu: expected 1 to 253 bytes, found 0'],
    ['it misspells a change', (framed) => void framed.encode({ unit: 1 } as object), 'unit: unknown option'],
  ];

  test.each(failures)('%s', async (_title, frame, message) => {
    const { server, connect } = await serveStream(
      withHook((framed, request, wire) => {
        if (framed.transactionId === 1) return frame(framed, request, wire);
        wire.send(framed.encode());
      }),
    );
    const errors = record(server, 'error');
    const client = await connect();
    client.write(read(0, 1), read(5, 2));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(5, 2));
    expect(errors.all).toMatchObject([{ name: 'HandlerError', code: 'HANDLER_FAILED', unit: 1, functionCode: 3 }]);
    expect(errors.all[0].message).toContain(message);
    expect(server.counters.handlerErrors).toBe(1);
  });

  test('it never answers; the deadline holds for it, and what it sends afterwards is dropped', async () => {
    const gate = createGate();
    const { server, connect } = await serveStream(
      withHook(
        async (framed, _request, wire) => {
          if (framed.transactionId === 1) await gate.opened;
          wire.send(framed.encode());
          if (framed.transactionId === 3) await never;
        },
        { handlerTimeout: 20 },
      ),
    );
    const errors = record(server, 'error');
    const client = await connect();
    client.write(read(0, 1), read(5, 2), read(6, 3), read(7, 4));
    expect(await client.take(2 * ANSWER_LENGTH)).toBe(answer(5, 2) + answer(6, 3));
    gate.open();
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(7, 4));
    expect(errors.all.map(({ message }) => message)).toEqual([
      'the hook frame was not done within 20 ms (unit 1, function 0x03)',
      'the hook frame was not done within 20 ms (unit 1, function 0x03)',
    ]);
  });
});

describe('a pause of the hook frame', () => {
  test('does not count for its deadline', async () => {
    const { server, connect } = await serveStream(
      withHook(
        async (framed, _request, wire) => {
          const first = wire.pause(60);
          await wire.pause(1);
          expect(await first).toBe(true);
          wire.send(framed.encode());
        },
        { handlerTimeout: 20 },
      ),
    );
    const errors = record(server, 'error');
    const client = await connect();
    client.write(read(0));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(0));
    expect(errors.all).toEqual([]);
  });

  test.each([
    ['TCP', serveTcp],
    ['streams', serveStream],
  ])('ends when the peer goes over %s, which is no failure, and so do later ones', async (_title, serve) => {
    const gate = createGate<boolean[]>();
    const began = createGate();
    const { server, connect } = await serve(
      withHook(
        async (framed, _request, wire) => {
          began.open();
          const open = [await wire.pause(1_000_000), await wire.pause(1_000_000)];
          wire.send(framed.encode());
          gate.open(open);
          throw new Error('too late to matter');
        },
        { limits: { closeTimeout: 20 } },
      ),
    );
    const errors = record(server, 'error');
    const client = await connect();
    client.write(read(0));
    await began.opened;
    await client.close();
    expect(await gate.opened).toEqual([false, false]);
    await turns();
    expect(errors.all).toEqual([]);
    expect(server.counters).toMatchObject({ bytesSent: 0, handlerErrors: 0 });
  });

  test.each([
    ['a connection', serveTcp],
    ['a datagram', serveUdp],
  ])('of %s keeps a server from closing no longer than closeTimeout', async (_title, serve) => {
    const began = createGate();
    const { server, connect } = await serve(
      withHook(
        async (_framed, _request, wire) => {
          began.open();
          await wire.pause(1_000_000);
        },
        { limits: { closeTimeout: 20 } },
      ),
    );
    const client = await connect();
    client.write(read(0));
    await began.opened;
    await server.close();
    expect(server.connections).toBe(0);
  });
});

describe('the hook frame closes', () => {
  test('the connection, when what it has sent is out: other requests are not answered', async () => {
    const { server, connect } = await serveTcp(
      withHook((framed, _request, wire) => {
        wire.send(framed.encode().subarray(0, 8));
        wire.close();
        wire.send(framed.encode());
      }),
    );
    const disconnected = record(server, 'disconnect');
    const [client, other] = [await connect(), await connect()];
    client.write(read(0, 1), read(1, 2));
    expect(await client.take()).toBe(answer(0).slice(0, 16));
    const [{ error }] = await disconnected.reached(1);
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'DISCONNECTED' });
    other.write(read(3));
    expect(await other.take(8)).toBe(answer(3).slice(0, 16));
  });

  test('no serial line, which others use: only this reply ends', async () => {
    const { server, connect } = await servePty(
      withHook((framed, { decoded }, wire) => {
        wire.send(framed.encode().subarray(0, 3));
        if (decoded.address === 0) wire.close();
        wire.send(framed.encode().subarray(3));
      }),
    );
    const client = await connect();
    client.write(encodeRaw('rtu', { pdu: readRegister(0) }));
    expect(await client.take(3)).toBe('010302');
    client.write(encodeRaw('rtu', { pdu: readRegister(5) }));
    expect(await client.take(7)).toBe(toHex(encodeRaw('rtu', { pdu: hex('fc:03 bytes:02 value:0005') })));
    expect(server.listening).toBe(true);
  });

  test('no socket of datagrams', async () => {
    const { connect } = await serveUdp(
      withHook((framed, _request, wire) => {
        if (framed.transactionId === 1) wire.close();
        wire.send(framed.encode());
      }),
    );
    const client = await connect();
    client.write(read(0, 1), read(1, 2));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(1, 2));
  });
});

describe('hooks that are idle', () => {
  test('are not asked: execute, send and frame go without the request', async () => {
    let idle = true;
    const seen: string[] = [];
    const { connect } = await serveTcp({
      units: [createCountingUnit()],
      handler: {
        idle: () => idle,
        execute: (_request, next) => {
          seen.push('execute');
          return next();
        },
        send: (reply) => {
          seen.push('send');
          return reply;
        },
        frame: (framed, _request, wire) => {
          seen.push('frame');
          wire.send(framed.encode());
        },
      },
    });
    const client = await connect();
    client.write(read(0, 1), read(0, 2, 9));
    await client.take(ANSWER_LENGTH + 9);
    expect(seen).toEqual([]);
    idle = false;
    client.write(read(0, 3));
    await client.take(ANSWER_LENGTH);
    expect(seen).toEqual(['execute', 'send', 'frame']);
  });

  test.each([
    [
      'throw',
      () => {
        throw new Error('broken');
      },
      'a hook failed: broken',
    ],
    ['answer a promise', () => Promise.reject(new Error('x')), 'idle must return true or false, found a promise'],
    ['answer nothing', () => undefined, 'idle must return true or false, found undefined'],
  ])('but %s are asked, and the failure is reported', async (_title, idle, message) => {
    const { server, connect } = await serveTcp({
      units: [createCountingUnit()],
      handler: { idle: idle as never, frame: (framed, _request, wire) => wire.send(framed.encode()) },
    });
    const errors = record(server, 'error');
    const client = await connect();
    client.write(read(0));
    expect(await client.take(ANSWER_LENGTH)).toBe(answer(0));
    expect(errors.all.map((error) => error.message)).toEqual([expect.stringContaining(message)]);
  });
});

test('traces tell what a hook has sent in place of the frame, part by part, and that it has sent nothing', async () => {
  const { server, connect } = await serveTcp(
    withHook((framed, _request, wire) => {
      if (framed.transactionId === 1) wire.send(framed.encode());
      if (framed.transactionId !== 2) return;
      wire.send(LABEL);
      wire.send(framed.encode({ unitId: 2 }));
    }),
  );
  const seen: [string, number, string | undefined, number | undefined][] = [];
  for (const name of ['request', 'reply', 'unanswered']) {
    const listen = (message: unknown) => {
      const { transactionId, sent, request, ...traced } = message as TraceMessage;
      if (traced.server === server) seen.push([name, transactionId, sent && toHex(sent), request?.transactionId]);
    };
    subscribe(`busbar:${name}`, listen);
    onTestFinished(() => void unsubscribe(`busbar:${name}`, listen));
  }
  const client = await connect();
  client.write(read(0, 1), read(5, 2), read(5, 3));
  await client.take(2 * ANSWER_LENGTH + LABEL.length);
  await expect.poll(() => seen.at(-1)?.[0]).toBe('unanswered');
  expect(seen).toEqual([
    ['request', 1, undefined, undefined],
    ['reply', 1, undefined, 1],
    ['request', 2, undefined, undefined],
    ['request', 3, undefined, undefined],
    ['reply', 2, 'DEADBEEF', 2],
    ['reply', 2, answer(5, 2).replace('0005010302', '0005020302'), 2],
    ['unanswered', 3, undefined, undefined],
  ]);
});
