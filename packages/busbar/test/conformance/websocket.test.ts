import { once } from 'node:events';
import { ModbusStreamServer } from 'busbar';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import { streamConnector } from '../helpers/stream-connector.js';
import { describeConformance } from './describe-conformance.js';

const connector = streamConnector('mbap', async (options) => {
  const server = await new ModbusStreamServer({ ...options, name: 'websocket' }).listen();
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  sockets.on('connection', (socket) => server.accept(createWebSocketStream(socket)));
  await once(sockets, 'listening');
  server.once('close', () => sockets.close());
  const address = sockets.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { server, connect: () => createWebSocketStream(new WebSocket(`ws://127.0.0.1:${port}`)) };
});

describeConformance('WebSocket', connector);
