import { ModbusTcpServer } from 'busbar';
import { netStream } from '../helpers/net-stream.js';
import { portOf } from '../helpers/served.js';
import { streamConnector } from '../helpers/stream-connector.js';
import { describeConformance } from './describe-conformance.js';

const connector = streamConnector('ascii', async (options) => {
  const server = await new ModbusTcpServer({ ...options, host: '127.0.0.1', port: 0 }).listen();
  return { server, connect: () => netStream(portOf(server)) };
});

describeConformance('ASCII over TCP', connector);
