import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** This module, or its bundle. CommonJS bundles have no `import.meta`, but a file name. */
const here = import.meta.url ?? pathToFileURL(__filename).href;
const isBundled = !here.endsWith('/worker-file.js');

/** The program of the server's thread. For a bundle it is a file beside the bundle, with a distinctive name. */
export const workerFile = new URL(isBundled ? `./busbar-worker${extname(here)}` : './worker.js', here);
