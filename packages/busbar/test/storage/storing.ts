import { type TcpServerOptions, Unit, type UnitOptions } from 'busbar';
import { type Restored, Storage, type StorageOptions, type Store } from 'busbar/storage';
import { type Served, serve } from '../helpers/served.js';

/** Holding registers 0 to 299, coils, discrete inputs, and a file. */
export const DEVICE: UnitOptions = {
  id: 1,
  coils: [{ start: 0, count: 2000 }],
  discreteInputs: [{ start: 0, count: 16 }],
  holdingRegisters: [{ start: 0, count: 300, value: 7 }],
  inputRegisters: [{ start: 0, count: 10 }],
  files: [{ number: 4, start: 0, count: 100 }],
  fifos: [{ pointer: 500, values: [1, 2] }],
};

export interface Kept {
  readonly storage: Storage;
  readonly unit: Unit;
  readonly restored: Restored;
}

/** Opens a storage, and has it keep a new unit. */
export async function keepIn(
  store: Store,
  options: UnitOptions = DEVICE,
  settings: Omit<StorageOptions, 'store'> = {},
): Promise<Kept> {
  const storage = await Storage.open({ store, ...settings });
  const unit = new Unit(options);
  return { storage, unit, restored: await storage.keep(unit) };
}

/** The same, served. */
export async function serveKept(
  store: Store,
  options: UnitOptions = DEVICE,
  settings: Omit<StorageOptions, 'store'> = {},
  server: Omit<TcpServerOptions, 'units'> = {},
): Promise<Kept & Served> {
  const kept = await keepIn(store, options, settings);
  return { ...kept, ...(await serve({ units: [kept.unit], ...server })) };
}
