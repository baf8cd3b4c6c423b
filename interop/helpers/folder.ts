import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that is removed at the end of a `using` block or by remove(). */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'busbar-interop-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}
