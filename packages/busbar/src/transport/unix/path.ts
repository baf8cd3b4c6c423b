import { checkString, type Path } from '../../checks.js';
import { OptionsError } from '../../errors.js';

/** Bytes that the system has for the path of a socket (`sun_path`), less the NUL behind it. */
function maxBytes(): number {
  return process.platform === 'linux' ? 107 : 103;
}

/** Named pipes of Windows, and the abstract names of Linux, which begin with NUL, are no files. */
export function isFile(path: string): boolean {
  return process.platform !== 'win32' && !path.startsWith('\0');
}

/** A path that the system takes as a whole: of a longer one, or of one with a NUL, it would make another. */
export function checkSocketPath(value: unknown, path: Path): string {
  const found = checkString(value, path);
  if (found === '') throw new OptionsError(path, 'expected the path of a socket, found an empty string');
  if (isFile(found)) checkFilePath(found, path);
  return found;
}

function checkFilePath(found: string, path: Path): void {
  if (found.includes('\0')) throw new OptionsError(path, 'expected the path of a socket, found one with a NUL in it');
  const bytes = Buffer.byteLength(found);
  if (bytes <= maxBytes()) return;
  const limit = `the path of a socket has at most ${maxBytes()} bytes here`;
  throw new OptionsError(path, `${limit}, found ${bytes}: ${JSON.stringify(found)}; choose a shorter one`);
}
