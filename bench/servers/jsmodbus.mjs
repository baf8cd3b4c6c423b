import { createServer } from 'node:net';
import jsmodbus from 'jsmodbus';
import { announce, registerValues } from './common.mjs';

const holding = Buffer.alloc(2 * registerValues.length);
for (const [index, value] of registerValues.entries()) holding.writeUInt16BE(value, 2 * index);

const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => socket.destroy()));
new jsmodbus.server.TCP(server, { holding });
server.listen(0, '127.0.0.1', () => announce(server));
