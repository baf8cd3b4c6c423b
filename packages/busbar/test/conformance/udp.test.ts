import { ModbusUdpServer } from 'busbar';
import { streamConnector } from '../helpers/stream-connector.js';
import { udpStream } from '../helpers/udp-stream.js';
import { describeConformance } from './describe-conformance.js';

const connector = streamConnector(
  'mbap',
  async (options) => {
    const server = await new ModbusUdpServer({ ...options, host: '127.0.0.1', port: 0 }).listen();
    return { server, connect: () => udpStream(server.address()?.port ?? 0) };
  },
  { datagrams: true },
);

describeConformance('UDP', connector);
