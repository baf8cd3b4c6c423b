import { type Framing, ModbusStreamServer, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barePdu } from '../../../../examples/bare-pdu-tls.mjs';
import { binaryFraming } from '../../../../examples/binary-framing.mjs';
import { createRecorder } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';

/** Registers that hold braces, among others. */
const unit = () =>
  new Unit({ id: 1, coils: [{ start: 0, count: 8 }], holdingRegisters: [{ start: 0, values: [20, 0x7b7d, 0x007d] }] });

async function serve(framing: Framing) {
  const server = await new ModbusStreamServer({ units: [unit()], framing }).listen();
  const [client, served] = createConnectionPair();
  server.accept(served);
  const received = createRecorder<string>();
  client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
  client.on('end', () => client.end());
  /** Resolves when so many digits have come. */
  const replies = async (digits: number) => {
    for (let count = 1; received.all.join('').length < digits; count++) await received.reached(count);
    return received.all.join('');
  };
  return { server, client, replies };
}

async function exchangeInCuts(framing: Framing, requests: Uint8Array, expected: string) {
  for (let cut = 0; cut <= requests.length; cut++) {
    const { server, client, replies } = await serve(framing);
    client.write(requests.subarray(0, cut));
    client.write(requests.subarray(cut));
    expect(await replies(expected.length), `cut at ${cut}`).toBe(expected);
    await server.shutdown();
  }
}

describe('the binary framing of the examples', () => {
  const READ = hex('start:7B unit:01 fc:03 start:0000 quantity:0001 crc:840A end:7D');
  const REPLY = '7B01030200' + '14B84B' + '7D';

  test('takes frames apart, however they are cut, with braces in the data doubled', async () => {
    const writeBraces = hex('start:7B unit:01 fc:06 address:0000 value:7B7B_7D7D crc:6E4B end:7D');
    const read = hex('start:7B unit:01 fc:03 start:0000 quantity:0003 crc:05CB end:7D');
    const echo = toHex(writeBraces);
    const values = '7B010306' + '7B7B7D7D7B7B7D7D007D7D';
    const expected = `${echo}${values}F5947D`;
    await exchangeInCuts(binaryFraming, Buffer.concat([writeBraces, read]), expected);
  });

  test('passes over rubbish between frames', async () => {
    const { server, client, replies } = await serve(binaryFraming);
    client.write(Buffer.concat([hex('rubbish:0102_7D_55'), READ]));
    expect(await replies(REPLY.length)).toBe(REPLY);
    await server.shutdown();
  });

  test('gives a broken frame up when there is a pause', async () => {
    const { server, client, replies } = await serve(binaryFraming);
    const damaged = Uint8Array.from(READ);
    damaged[4] ^= 1;
    client.write(damaged);
    while (server.counters.communicationErrors === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    client.write(READ);
    expect(await replies(REPLY.length)).toBe(REPLY);
    await server.shutdown();
  });

  test('survives any bytes', async () => {
    const braces = fc.array(fc.constantFrom(0x7b, 0x7d, 1, 3), { maxLength: 2000 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(braces, fc.array(fc.nat(255), { maxLength: 2000 })), async (bytes) => {
        const { server, client } = await serve(binaryFraming);
        let errors = 0;
        server.on('error', () => errors++);
        await new Promise((resolve) => client.end(Uint8Array.from(bytes), () => resolve(undefined)));
        await server.close();
        expect(errors).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the bare PDUs of the examples', () => {
  test('end where their function codes say, however they are cut', async () => {
    const requests = hex(
      'fc:03 start:0000 quantity:0001 fc:0F start:0000 quantity:0008 bytes:01 bits:FF fc:01 start:0000 quantity:0008',
    );
    await exchangeInCuts(barePdu, requests, '03020014' + '0F00000008' + '0101FF');
  });

  test('end with what came in one piece, where nothing tells their length', async () => {
    const { server, client, replies } = await serve(barePdu);
    client.write(hex('fc:41 data:0102'));
    expect(await replies(4)).toBe('C101');
    await server.shutdown();
  });

  test('that are too long close the connection', async () => {
    const { server, client } = await serve({ ...barePdu });
    const closed = new Promise((resolve) => server.on('disconnect', ({ error }) => resolve(error?.message)));
    client.write(hex('fc:10 start:0000 quantity:0080 bytes:FF values:01*255'));
    expect(await closed).toContain('longer than 253');
    await server.shutdown();
  });
});
