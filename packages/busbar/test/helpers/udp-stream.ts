import { createSocket } from 'node:dgram';
import { Duplex } from 'node:stream';

/** A stream to a UDP server whose every write is a datagram. */
export function udpStream(port: number, address = '127.0.0.1'): Duplex {
  const socket = createSocket('udp4');
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      socket.send(chunk, port, address, done);
    },
    destroy(error, done) {
      socket.close(() => done(error));
    },
  });
  socket.on('message', (message) => stream.push(message));
  return stream;
}
