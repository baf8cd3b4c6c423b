import { isAbsolute, join } from 'node:path';
import type { Listener } from '../listeners/schema.js';

/**
 * Resolves the files that a listener names against the folder of the config. The library refuses what is not a name.
 */
export function inFolder(listener: Listener, folder: string): Listener {
  const at = (path: string) => (typeof path !== 'string' || isAbsolute(path) ? path : join(folder, path));
  switch (listener.type) {
    case 'tls': {
      const { certFile, keyFile, caFile, crlFile } = listener;
      const more = { ...(caFile && { caFile: at(caFile) }), ...(crlFile && { crlFile: at(crlFile) }) };
      return { ...listener, certFile: at(certFile), keyFile: at(keyFile), ...more };
    }
    case 'unix':
      return { ...listener, path: at(listener.path) };
    case 'serial':
      // COM3 is not a file.
      return String(listener.path).includes('/') ? { ...listener, path: at(listener.path) } : listener;
    default:
      return listener;
  }
}
