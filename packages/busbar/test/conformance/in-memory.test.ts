import { ModbusStreamServer } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { streamConnector } from '../helpers/stream-connector.js';
import { describeConformance } from './describe-conformance.js';

const connector = streamConnector('mbap', async (options) => {
  const server = await new ModbusStreamServer(options).listen();
  const connect = () => {
    const [here, there] = createConnectionPair();
    server.accept(there);
    return here;
  };
  return { server, connect };
});

describeConformance('a connection in memory', connector);
