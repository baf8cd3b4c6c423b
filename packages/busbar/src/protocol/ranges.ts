import { readUint16 } from './bytes.js';
import type { RangeField } from './sheets/sheet.js';
import { byFunctionCode } from './sheets.js';
import type { TableName } from './tables.js';

/** What a request would read or write of one table. */
export interface RequestedRange {
  readonly table: TableName;
  /** Protocol address of the first item; with `quantity` it may reach beyond 65535, as the request does. */
  readonly address: number;
  readonly quantity: number;
}

/** Where the addresses and quantities are in requests of the public functions, by function code. */
export const RANGE_FIELDS: readonly (readonly RangeField[] | undefined)[] = byFunctionCode(({ ranges }) => ranges);

/**
 * The table ranges that a request PDU of a public function touches; empty for functions that don't use tables. The PDU
 * is in `request` from `start` to `end`.
 */
export function requestedRanges(request: Uint8Array, start = 0, end: number = request.length): RequestedRange[] {
  const fields = RANGE_FIELDS[request[start]] ?? [];
  return fields.flatMap(({ table, addressAt, quantityAt }) => {
    if (start + (quantityAt ?? addressAt) + 2 > end) return [];
    const quantity = quantityAt === undefined ? 1 : readUint16(request, start + quantityAt);
    return { table, address: readUint16(request, start + addressAt), quantity };
  });
}
