import { once } from 'node:events';
import { ModbusTlsServer } from 'busbar';
import { describeConformance } from '../conformance/describe-conformance.js';
import { streamConnector } from '../helpers/stream-connector.js';
import { dialSecurely, operator, secured } from './secured.js';

for (const minVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  const connector = streamConnector('mbap', async (options) => {
    const server = new ModbusTlsServer(secured(options));
    await server.listen();
    const connect = async () => {
      const socket = dialSecurely(server.address()?.port ?? 0, { ...operator, minVersion, maxVersion: minVersion });
      await once(socket, 'secureConnect');
      return socket;
    };
    return { server, connect };
  });
  describeConformance(`Modbus/TCP Security with ${minVersion}`, connector);
}
