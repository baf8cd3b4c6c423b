import { checkString, type Path } from '../../checks.js';
import { OptionsError } from '../../errors.js';

/** The system's limit for the path of a socket (`sun_path`) in bytes, without the NUL after it. */
function maxBytes(): number {
  return process.platform === 'linux' ? 107 : 103;
}

/** Windows named pipes and Linux abstract names, which begin with NUL, are not files. */
export function isFile(path: string): boolean {
  return process.platform !== 'win32' && !path.startsWith('\0');
}

/** Checks a path. The system would truncate a longer one, or one with a NUL, and use another path. */
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
