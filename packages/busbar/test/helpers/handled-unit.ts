import { ModbusException, type RangeContext, type TcpServerOptions, Unit } from 'busbar';
import { record } from './events.js';
import { createCountingUnit, serve } from './served.js';

/** A unit whose handlers are whatever a user may have written. */
export function createHandledUnit(
  read: (context: RangeContext) => unknown,
  write?: (context: RangeContext, values: readonly unknown[]) => unknown,
) {
  const handlers = { read, ...(write && { write }) };
  return new Unit({ id: 1, holdingRegisters: handlers as { read: () => number[]; write?: () => void } });
}

/** Serves it beside counting unit 2, and records the server's errors. */
export async function serveUnit(unit: Unit, options: Partial<TcpServerOptions> = {}) {
  const served = await serve({ units: [unit, createCountingUnit(2)], ...options });
  return { ...served, errors: record(served.server, 'error'), client: await served.connect() };
}

export const hostile = Object.defineProperty({}, 'then', {
  get() {
    throw new Error('a getter that throws');
  },
});
export const never = new Promise<never>(() => {});

/** Refuses a request from within a handler. */
export function refuse(code: number): never {
  throw new ModbusException(code);
}
