import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** This module, or the bundle that it is in. Bundles in the format of CommonJS have no `import.meta`, but a file name. */
const here = import.meta.url ?? pathToFileURL(__filename).href;
const isBundled = !here.endsWith('/worker-file.js');

/** The program of the server's thread. A bundle has it beside itself, under a name that nothing else has. */
export const workerFile = new URL(isBundled ? `./busbar-worker${extname(here)}` : './worker.js', here);
