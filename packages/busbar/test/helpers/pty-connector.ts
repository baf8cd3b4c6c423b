import { ModbusSerialServer } from 'busbar';
import { openPort } from '../../../../interop/helpers/open-port.js';
import type { PtyPair } from '../../../../interop/helpers/pty.js';
import type { Connector } from '../conformance/connector.js';
import { streamConnector } from './stream-connector.js';

/** A server at one end of a serial line, clients at the other. */
export function ptyConnector(framing: 'rtu' | 'ascii', pair: () => PtyPair): Connector {
  const connector = streamConnector(framing, async (options) => {
    const server = await new ModbusSerialServer({ ...options, framing, path: pair().a }).listen();
    return { server, connect: () => openPort(pair().b) };
  });
  return { ...connector, serial: true };
}
