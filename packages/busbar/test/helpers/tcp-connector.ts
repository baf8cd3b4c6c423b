import type { Duplex } from 'node:stream';
import { ModbusTcpServer } from 'busbar';
import type { Connector, Peer, RunningServer } from '../conformance/connector.js';
import { PROBE } from '../conformance/device.js';
import { MbapClient } from './mbap-client.js';
import { portOf } from './served.js';

/** Plain Modbus/TCP on the loopback interface. */
export const tcpConnector: Connector = {
  async start(options): Promise<RunningServer> {
    const server = new ModbusTcpServer({ ...options, host: '127.0.0.1', port: 0 });
    await server.listen();
    const port = portOf(server);
    return {
      open: async () => mbapPeer(await MbapClient.connect({ host: '127.0.0.1', port })),
      close: () => server.shutdown(),
    };
  },
};

/** A client of the suite, over any stream that carries MBAP frames. */
export function mbapPeer<Stream extends Duplex>(client: MbapClient<Stream>): Peer {
  return {
    request: (unit, pdu) => client.request(unit, pdu),
    exchange: (unit, pdu) => exchange(client, unit, pdu),
    close: () => client.close(),
  };
}

async function exchange<Stream extends Duplex>(
  client: MbapClient<Stream>,
  unit: number,
  pdu: Uint8Array,
): Promise<Uint8Array | undefined> {
  const request = client.send(unit, pdu);
  const probe = client.send(PROBE.unit, PROBE.request);
  const first = await client.next();
  if (first === undefined) throw new Error('the server closed the connection');
  if (first.transactionId === probe) return undefined;
  if (first.transactionId !== request || first.unit !== unit) throw new Error('a reply to no request');
  const second = await client.next();
  if (second?.transactionId !== probe) throw new Error('more than one reply to a request');
  return first.pdu;
}
