import { ModbusSerialServer } from 'busbar';
import { SerialPort } from 'serialport';
import type { PtyPair } from '../../../../interop/helpers/pty.js';
import type { Connector } from '../conformance/connector.js';
import { streamConnector } from './stream-connector.js';

/** A server at one end of a serial line, clients at the other. */
export function ptyConnector(framing: 'rtu' | 'ascii', pair: () => PtyPair): Connector {
  return streamConnector(framing, async ({ units }) => {
    const server = await new ModbusSerialServer({ units, path: pair().a, framing }).listen();
    return { server, connect: () => openPort(pair().b) };
  });
}

/** The client's end of a line. */
export function openPort(path: string): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 19_200 }, (error) => (error ? reject(error) : resolve(port)));
  });
}
