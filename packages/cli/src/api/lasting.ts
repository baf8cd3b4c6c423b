import { SharingError, StorageError, type Unit } from 'busbar';
import type { Device } from '../device/device.js';
import { unitName } from '../listeners/unit-name.js';
import type { Sharing, Storage } from './contract.js';
import { ApiProblem } from './problem.js';
import { keyOf } from './units.js';

export function storageToJson({ lasting, units }: Device): Storage | null {
  const { keeping } = lasting;
  if (keeping === undefined) return null;
  const { folder, mode } = keeping.kept;
  return {
    in: folder,
    mode,
    state: keeping.storage.state,
    ...(keeping.problem !== undefined && { problem: keeping.problem }),
    units: [...lasting.units].map((unit) => keyOf(unit, units)),
  };
}

export function sharingToJson({ lasting, units }: Device): Sharing | null {
  const { sharing } = lasting;
  if (sharing === undefined) return null;
  const { image, place: redis, reads, whenAway } = sharing.shared;
  const shared = [...lasting.units];
  return {
    image,
    redis,
    reads,
    whenAway,
    state: sharing.image.state,
    ...(sharing.problem !== undefined && { problem: sharing.problem }),
    units: shared.map((unit) => keyOf(unit, units)),
    leads: shared.filter((unit) => sharing.leads(unit)).map((unit) => keyOf(unit, units)),
  };
}

/**
 * Writes to units, if clients could, and waits until that is as safe as what clients write.
 * @throws ApiProblem, and what the write throws.
 */
export async function written<T>({ lasting }: Device, units: readonly Unit[], write: () => T): Promise<T> {
  for (const unit of units) {
    const refusal = lasting.refusal(unit);
    if (refusal !== undefined) throw new ApiProblem(503, `${unitName(unit)} takes no writes now: ${refusal}`);
  }
  const result = write();
  try {
    await lasting.settled(units);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof SharingError)) throw error;
    throw new ApiProblem(503, `the write may be lost: ${error.message}`);
  }
  return result;
}
