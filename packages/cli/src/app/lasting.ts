import { OptionsError, SharingError, StorageError } from 'busbar';
import type { Device } from '../device/device.js';
import type { Lasting } from '../device/lasting.js';
import { describeShared } from '../log/sharing.js';
import { describeKept } from '../log/storage.js';
import { PartError } from './part.js';

/** Puts back the values that were kept, or takes over those that are shared. @throws PartError */
export async function prepare(device: Device): Promise<Lasting> {
  try {
    await device.prepare();
    return device.lasting;
  } catch (error) {
    throw lastingFailure(error);
  }
}

/** Why values cannot be kept or shared, as the end of the command; any other error stays what it is. */
export function lastingFailure(error: unknown): unknown {
  if (error instanceof StorageError)
    return new PartError({ event: 'storageFailed', text: error.message, code: error.code });
  if (!(error instanceof SharingError || error instanceof OptionsError)) return error;
  return new PartError({ event: 'sharingFailed', text: error.message, code: error.code });
}

/** What becomes of the values of the units, for the banner. */
export function lastingLines({ keeping, sharing, units }: Lasting): string[] {
  return [
    ...(keeping === undefined ? [] : [describeKept({ ...keeping.kept, units: units.size })]),
    ...(sharing === undefined ? [] : [describeShared(sharing.shared, units.size)]),
  ];
}
