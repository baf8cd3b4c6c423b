import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { frame, type MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const REQUEST = frame(0x1234, 1, readRegister(7));
const WRITE = frame(0x4321, 1, hex('fc:10 start:0001 quantity:0002 byteCount:04 values:0001_0002'));

const LONG_WRITE = frame(0x2143, 1, hex('fc:10 start:0001 quantity:007D byteCount:FA values:0000*125'));

/**
 * Sends bytes and waits for the reply to a request in front of them: the server has then read them all as one chunk.
 */
async function sendRead(client: MbapClient, bytes: Uint8Array): Promise<void> {
  client.write(Buffer.concat([frame(0xaaaa, 1, readRegister(0)), bytes]));
  expect((await client.next())?.transactionId).toBe(0xaaaa);
}

describe('frames', () => {
  test.each([
    ['a read', REQUEST],
    ['a multiple write', WRITE],
    ['a write of more registers than a frame may have', LONG_WRITE],
  ])('of %s are answered however they are cut in two', async (_, request) => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    for (let cut = 1; cut < request.length; cut++) {
      await sendRead(client, request.subarray(0, cut));
      client.write(request.subarray(cut));
      expect((await client.next())?.transactionId, `cut at ${cut}`).toBe(request.readUInt16BE(0));
    }
  });

  test('are answered when each byte comes alone', async () => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    for (const byte of Buffer.concat([REQUEST, WRITE, REQUEST])) await client.writeFlushed(Uint8Array.of(byte));
    const replies = [await client.next(), await client.next(), await client.next()];
    expect(replies.map((reply) => reply?.transactionId)).toEqual([0x1234, 0x4321, 0x1234]);
  });

  test('are answered when the end of one comes with the beginning of the next', async () => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    const stream = Buffer.concat(Array.from({ length: 40 }, (_, index) => frame(index, 1, readRegister(index))));
    await sendRead(client, stream.subarray(0, 7));
    for (let at = 7; at < stream.length; at += 13) await client.writeFlushed(stream.subarray(at, at + 13));
    for (let index = 0; index < 40; index++) {
      const reply = await client.next();
      expect([reply?.transactionId, reply && toHex(reply.pdu)]).toEqual([index, registerReply(index)]);
    }
  });

  test('come by hundreds in one segment and are answered in order, each with its transaction and unit id', async () => {
    const units = [createCountingUnit(1), createCountingUnit(2), createCountingUnit(247)];
    const { connect } = await serve({ units });
    const client = await connect();
    const ids = [1, 2, 247, 9];
    const requests = Array.from({ length: 500 }, (_, index) => ({
      transactionId: (65535 - index * 131) & 0xffff,
      unit: ids[index % ids.length] ?? 0,
      address: index % 100,
    }));
    client.write(
      Buffer.concat(
        requests.map(({ transactionId, unit, address }) => frame(transactionId, unit, readRegister(address))),
      ),
    );
    for (const { transactionId, unit, address } of requests) {
      const pdu = hex(unit === 9 ? 'fc:83 exception:0B' : registerReply(address));
      expect(await client.next()).toEqual({ transactionId, protocolId: 0, unit, pdu });
    }
  });

  test('of the largest size, 260 bytes, are answered', async () => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    const echo = `fc:08 subFunction:0000 data:${'A5'.repeat(250)}`;
    expect(await ask(client, 1, echo)).toBe(toHex(hex(echo)));
    const write = await ask(client, 1, `fc:10 start:0000 quantity:0064 byteCount:C8 values:${'0102'.repeat(100)}`);
    expect(write).toBe('1000000064');
  });

  test('of the smallest size, 8 bytes, are answered', async () => {
    const { connect } = await serve({ units: [createCountingUnit()] });
    expect(await ask(await connect(), 1, 'fc:41')).toBe('C101');
  });
});

describe('a protocol id other than 0', () => {
  test.each([1, 0x00ff, 0x0100, 0xffff])(
    '%i has its frame dropped whole and counted; the connection lives',
    async (protocolId) => {
      const { server, connect } = await serve({ units: [createCountingUnit()] });
      const client = await connect();
      const foreign = frame(1, 1, hex('fc:06 address:0000 value:FFFF'), protocolId);
      client.write(Buffer.concat([foreign, REQUEST, foreign, foreign, REQUEST]));
      expect((await client.next())?.transactionId).toBe(0x1234);
      expect((await client.next())?.transactionId).toBe(0x1234);
      expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe(registerReply(0));
      expect(server.counters.framesDropped).toBe(3);
    },
  );

  test('has its frame dropped however it is cut', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    // The dropped frame holds what would be a write if it were read from its middle.
    const foreign = frame(1, 1, frame(2, 1, hex('fc:06 address:0000 value:FFFF')), 7);
    for (let cut = 1; cut < foreign.length; cut++) {
      await sendRead(client, foreign.subarray(0, cut));
      client.write(foreign.subarray(cut));
    }
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe(registerReply(0));
    expect(server.counters.framesDropped).toBe(foreign.length - 1);
  });
});
