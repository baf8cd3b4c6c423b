// The ceiling: what is left for a protocol once Node's own sockets are paid for. It reads a chunk, puts the transaction
// ids of the requests into copies of a canned reply and writes them at once. It parses and checks nothing, but looks at
// the first request of a chunk to choose the reply.
import { createServer } from 'node:net';
import { announce, registerValues } from './common.mjs';

const READ = 3;
const HEADER = [0, 0, 0, 0, 0];

/** The size of the requests of a kind, and the reply to each. */
function prepareRead(registers) {
  const reply = Buffer.from([
    ...HEADER,
    3 + 2 * registers,
    1,
    READ,
    2 * registers,
    ...new Array(2 * registers).fill(0),
  ]);
  for (let i = 0; i < registers; i++) reply.writeUInt16BE(registerValues[i], 9 + 2 * i);
  return { size: 12, reply };
}

function prepareWrite(registers) {
  return { size: 13 + 2 * registers, reply: Buffer.from([...HEADER, 6, 1, 16, 0, 0, 0, registers]) };
}

const reads = Array.from({ length: 126 }, (_, registers) => prepareRead(registers));
const writes = Array.from({ length: 124 }, (_, registers) => prepareWrite(registers));

function answer(socket, chunk) {
  const { size, reply } = (chunk[7] === READ ? reads : writes)[chunk[11]];
  const count = chunk.length / size;
  if (!Number.isInteger(count)) throw new Error(`a chunk of ${chunk.length} bytes is no whole number of requests`);
  const out = Buffer.allocUnsafe(count * reply.length);
  for (let i = 0; i < count; i++) {
    const at = i * reply.length;
    out.set(reply, at);
    out[at] = chunk[i * size];
    out[at + 1] = chunk[i * size + 1];
  }
  socket.write(out);
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => answer(socket, chunk));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => announce(server));
