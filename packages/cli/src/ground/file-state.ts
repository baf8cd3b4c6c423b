import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What tells whether a file has changed. A missing file is a state like any other. */
export function fileState(path: string): string {
  try {
    return stateIn(statSync(path));
  } catch {
    return MISSING;
  }
}

/** The same, without keeping the process waiting. */
export async function fileStateLater(path: string): Promise<string> {
  try {
    return stateIn(await stat(path));
  } catch {
    return MISSING;
  }
}

const MISSING = 'missing';

function stateIn({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}
