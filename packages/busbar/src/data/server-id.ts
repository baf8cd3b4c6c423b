import { type BytesInput, checkBytes, checkInteger, checkKeys, type Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';

/** What function 11 reports (AP, clause 6.13). */
export interface ServerIdOptions {
  /** The device's own id: 0..255, text or bytes. */
  readonly id: number | BytesInput;
  /** Run indicator: 0xFF if true (the default), else 0x00. */
  readonly running?: boolean;
  readonly additional?: BytesInput;
}

const ID_BYTES_MAX = MAX_PDU_LENGTH - 3;

/** The reply data of function 11 behind its byte count. */
export function serverIdBytes(options: ServerIdOptions, path: Path): Uint8Array {
  checkKeys(options, ['id', 'running', 'additional'], path);
  const { id, running = true, additional = '' } = options;
  const idBytes =
    typeof id === 'number'
      ? Uint8Array.of(checkInteger(id, 0, 255, [...path, 'id']))
      : checkBytes(id, ID_BYTES_MAX, [...path, 'id']);
  const rest = checkBytes(additional, ID_BYTES_MAX - idBytes.length, [...path, 'additional']);
  if (typeof running !== 'boolean') throw new OptionsError([...path, 'running'], 'expected true or false');
  return Uint8Array.of(...idBytes, running ? 0xff : 0x00, ...rest);
}
