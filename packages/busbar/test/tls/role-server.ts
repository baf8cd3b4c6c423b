import { type TlsServerOptions, Unit } from 'busbar';
import { record } from '../helpers/events.js';
import { secured, serveSecurely } from './secured.js';

function createUnits(): [Unit, Unit] {
  const registers = [{ start: 0, count: 200 }];
  const tables = {
    coils: registers,
    discreteInputs: registers,
    holdingRegisters: registers,
    inputRegisters: registers,
  };
  const files = [{ number: 4, start: 0, count: 10 }];
  return [new Unit({ id: 1, ...tables, files }), new Unit({ id: 2, ...tables })];
}

export const READ = 'fc:03 start:0000 quantity:0001';
export const READ_REPLY = 'fc:03 byteCount:02 value:0000';
export const WRITE = 'fc:06 address:0005 value:0007';

/** Serves units 1 and 2 with 200 of everything. */
export async function serveRoles(options: Partial<TlsServerOptions>) {
  const units = createUnits();
  const served = await serveSecurely(secured({ units, ...options }));
  return { ...served, units, denied: record(served.server, 'denied') };
}
