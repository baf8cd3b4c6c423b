import { useState } from 'preact/hooks';
import type { TableWord, UnitKey } from '../../api/contract.js';
import { rangePath } from '../../api/paths.js';
import { messageOf, request } from '../../api/request.js';
import { root } from '../../state/root.js';
import type { Format } from './formats.js';

/** Writes what a user has typed into a cell. */
export function useWrite(unit: UnitKey, word: TableWord, written: () => void) {
  const [error, setError] = useState<string>();
  /** @returns whether it was written. */
  const write = async (text: string, format: Format, address: number): Promise<boolean> => {
    const read = format.read(text.trim());
    if (read === undefined) {
      setError(`"${text}" cannot be written as ${format.name}: expected ${format.expected}`);
      return false;
    }
    try {
      await request('PUT', rangePath(unit, word, { start: address, ...read.query }), { values: [read.value] });
      written();
      return true;
    } catch (problem) {
      setError(messageOf(problem));
      return false;
    }
  };
  return { error, canWrite: root.value?.writable !== false, write, clear: () => setError(undefined) };
}
