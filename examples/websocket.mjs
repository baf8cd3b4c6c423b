// Modbus over WebSocket, for a client in a browser, or behind a proxy that allows nothing else. The frames are those of
// Modbus/TCP. This needs the package ws, or any other that turns a connection into a stream.
//
//   node examples/websocket.mjs
import { once } from 'node:events';
import { ModbusStreamServer, Unit } from 'busbar';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';

const boiler = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] });

const server = await new ModbusStreamServer({ units: [boiler], name: 'websocket' }).listen();
server.on('connect', ({ peer }) => console.log(`${peer.address} has connected`));
server.on('error', (error) => console.error(error.message));

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 5020 });
sockets.on('connection', (socket, { socket: { remoteAddress, remotePort } }) => {
  server.accept(createWebSocketStream(socket), { address: remoteAddress, port: remotePort });
});
await once(sockets, 'listening');
const { port } = sockets.address();
console.log(`serving on port ${port}`);

// From here on, this is the client: normally another program.
const client = new WebSocket(`ws://127.0.0.1:${port}`);
await once(client, 'open');
client.send(Buffer.from('000100000006' + '01' + '0300000003', 'hex')); // MBAP header, unit, PDU: read three registers
const [reply] = await once(client, 'message');
console.log(`registers: ${[9, 11, 13].map((at) => reply.readUInt16BE(at)).join(', ')}`);
client.close();
await once(client, 'close');

await server.close();
sockets.close();
