import { writeFileSync } from 'node:fs';
import { writeProblem } from './files.js';

/**
 * Writes a file that does not exist yet. @param force one that exists is replaced.
 * @returns what went wrong, in words; undefined if it is written.
 */
export function writeNewFile(path: string, text: string, force: boolean): string | undefined {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return `there is ${path} already; --force replaces it`;
    }
    return `${path} can't be written: ${writeProblem(error)}`;
  }
}
