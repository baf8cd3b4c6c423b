// A test of a device without a port: client and server are the two ends of a connection in memory. So tests are fast,
// can run in parallel, and need no network.
//
//   node --test examples/in-memory.mjs
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { ExceptionCode, ModbusException, ModbusStreamServer, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';

/** The device under test: a boiler whose set point, register 0, may be 20 to 90 degrees. */
function createBoiler() {
  let setPoint = 60;
  return new Unit({
    id: 1,
    holdingRegisters: {
      ranges: [{ start: 0, count: 1 }],
      read: () => [setPoint],
      write: (_request, [value]) => {
        if (value < 20 || value > 90) throw new ModbusException(ExceptionCode.IllegalDataValue);
        setPoint = value;
      },
    },
  });
}

/** Serves a unit, sends it requests, and returns the replies; each is a PDU in hex. */
async function ask(unit, ...requests) {
  const server = await new ModbusStreamServer({ units: [unit] }).listen();
  const [client, peer] = createConnectionPair();
  server.accept(peer);
  const replies = [];
  for (const pdu of requests) {
    const bytes = Buffer.from(pdu, 'hex');
    client.write(Buffer.concat([Buffer.from([0, 1, 0, 0, 0, bytes.length + 1, unit.id]), bytes]));
    const [reply] = await once(client, 'data');
    replies.push(reply.subarray(7).toString('hex'));
  }
  await server.close();
  return replies;
}

test('a set point that a client writes is read back', async () => {
  assert.deepEqual(await ask(createBoiler(), '0600000046', '0300000001'), ['0600000046', '03020046']);
});

test('a set point that is too high is refused, and nothing is changed', async () => {
  assert.deepEqual(await ask(createBoiler(), '060000005b', '0300000001'), ['8603', '0302003c']);
});
