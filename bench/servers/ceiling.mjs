// The ceiling: what is left for a protocol once Node's own sockets are paid for. It reads a chunk, puts the transaction
// ids of the requests into copies of a canned reply and writes them at once. It parses and checks nothing.
import { createServer } from 'node:net';
import { announce, registerValues } from './common.mjs';

const requestSize = 12;
const registers = 10;
const reply = Buffer.from([0, 0, 0, 0, 0, 3 + 2 * registers, 1, 3, 2 * registers, ...new Array(2 * registers).fill(0)]);
for (let i = 0; i < registers; i++) reply.writeUInt16BE(registerValues[i], 9 + 2 * i);

function answer(socket, chunk) {
  const count = chunk.length / requestSize;
  if (!Number.isInteger(count)) throw new Error(`a chunk of ${chunk.length} bytes is no whole number of requests`);
  const out = Buffer.allocUnsafe(count * reply.length);
  for (let i = 0; i < count; i++) {
    const at = i * reply.length;
    out.set(reply, at);
    out[at] = chunk[i * requestSize];
    out[at + 1] = chunk[i * requestSize + 1];
  }
  socket.write(out);
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (chunk) => answer(socket, chunk));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => announce(server));
