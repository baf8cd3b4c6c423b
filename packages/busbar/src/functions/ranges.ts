import type { Device } from '../data/device.js';
import { readUint16 } from '../protocol/bytes.js';
import { RANGE_FIELDS } from '../protocol/ranges.js';

/** Whether a request uses tables, and only parts of them that are in memory. */
export function asksMemoryAlone({ tables }: Device, request: Uint8Array, start: number, end: number): boolean {
  const fields = RANGE_FIELDS[request[start]];
  if (fields === undefined) return false;
  for (const { table, addressAt, quantityAt } of fields) {
    if (start + (quantityAt ?? addressAt) + 2 > end) return false;
    const quantity = quantityAt === undefined ? 1 : readUint16(request, start + quantityAt);
    if (tables[table].parts?.isStored(readUint16(request, start + addressAt), quantity) === false) return false;
  }
  return true;
}
