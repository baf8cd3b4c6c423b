import {
  type BytesInput,
  type Checks,
  checkBoolean,
  checkBytes,
  checkInteger,
  checkOptions,
  type Path,
  withDefault,
} from '../checks.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';

/** The reply to function 11 (AP, clause 6.13). */
export interface ServerIdOptions {
  /** The device's own id: 0..255, text or bytes. */
  readonly id: number | BytesInput;
  /** Run indicator: 0xFF if true (the default), else 0x00. */
  readonly running?: boolean | undefined;
  readonly additional?: BytesInput | undefined;
}

const ID_BYTES_MAX = MAX_PDU_LENGTH - 3;

const CHECKS = {
  id: (id, path) =>
    typeof id === 'number' ? Uint8Array.of(checkInteger(id, 0, 255, path)) : checkBytes(id, ID_BYTES_MAX, path),
  running: withDefault(checkBoolean, true),
  additional: withDefault((value, path) => checkBytes(value, ID_BYTES_MAX, path), NO_BYTES),
} satisfies Checks<ServerIdOptions>;

/** The reply data of function 11 after its byte count. */
export function serverIdBytes(options: unknown, path: Path): Uint8Array {
  const { id, running, additional } = checkOptions(options, CHECKS, path);
  checkBytes(additional, ID_BYTES_MAX - id.length, [...path, 'additional']);
  return Uint8Array.of(...id, running ? 0xff : 0x00, ...additional);
}
