import { ListenError, ModbusSerialServer } from 'busbar';
import { openPort } from '../../../../interop/helpers/open-port.js';
import type { PtyPair } from '../../../../interop/helpers/pty.js';
import { until } from '../../../../interop/helpers/until.js';
import type { Connector } from '../conformance/connector.js';
import { streamConnector } from './stream-connector.js';

/** A server at one end of a serial line, clients at the other. */
export function ptyConnector(framing: 'rtu' | 'ascii', pair: () => PtyPair): Connector {
  const connector = streamConnector(framing, async (options) => {
    const server = new ModbusSerialServer({ ...options, framing, path: pair().a });
    await until(() => hasPort(server));
    return { server, connect: () => openPort(pair().b) };
  });
  return { ...connector, serial: true };
}

/** A port that was closed a moment ago stays locked while a thread of the package is still in a read of it. */
async function hasPort(server: ModbusSerialServer): Promise<boolean> {
  try {
    await server.listen();
    return true;
  } catch (error) {
    if (error instanceof ListenError && error.code === 'EBUSY') return false;
    throw error;
  }
}
