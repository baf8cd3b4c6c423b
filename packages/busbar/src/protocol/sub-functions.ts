import { readUint16 } from './bytes.js';
import { byFunctionCode } from './sheets.js';

const SUB_FUNCTION_LENGTHS = byFunctionCode((sheet) => sheet.subFunctionLength);

/** Whether a public function has sub-functions. */
export function hasSubFunctions(functionCode: number): boolean {
  return SUB_FUNCTION_LENGTHS[functionCode] !== undefined;
}

/**
 * Bytes that a sub-function takes behind its function code: two for diagnostics (AP, clause 6.8), one for any other.
 */
export function subFunctionLength(functionCode: number): number {
  return SUB_FUNCTION_LENGTHS[functionCode] ?? 1;
}

/** The sub-function of a request PDU; undefined if the PDU is too short to have one. */
export function readSubFunction(request: Uint8Array, start: number, end: number): number | undefined {
  const length = subFunctionLength(request[start]);
  if (end - start <= length) return undefined;
  return length === 2 ? readUint16(request, start + 1) : request[start + 1];
}
