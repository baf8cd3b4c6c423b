import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './folder.js';
import { compile } from './libmodbus.js';
import { LineProcess } from './lines.js';
import { PYTHON } from './process.js';

const LIBMODBUS = fileURLToPath(new URL('../clients/libmodbus-server.c', import.meta.url));
const PYMODBUS = fileURLToPath(new URL('../clients/pymodbus_serial_server.py', import.meta.url));

/** What a foreign server serves, and where. */
interface StationOptions {
  path: string;
  unit: number;
  /** Its holding registers, from 0 on. */
  values: number[];
}

/** A foreign server on a serial line, in a process of its own. */
export interface Station {
  stop(): Promise<void>;
}

export async function startLibmodbusStation(options: StationOptions): Promise<Station> {
  const folder = temporaryFolder();
  const program = join(folder.path, 'libmodbus-server');
  try {
    await compile(LIBMODBUS, program);
    const { stop } = await startStation(program, [], options);
    return { stop: () => stop().finally(folder.remove) };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

export function startPymodbusStation(options: StationOptions): Promise<Station> {
  return startStation(PYTHON, [PYMODBUS], options);
}

async function startStation(program: string, args: string[], { path, unit, values }: StationOptions): Promise<Station> {
  const numbers = [19200, unit, ...values];
  const server = new LineProcess(program, [...args, path, ...numbers.map(String)]);
  const stop = async () => {
    await server.end();
  };
  try {
    await server.next();
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
