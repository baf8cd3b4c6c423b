import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The file with this module: one of the package or of the user's bundle. CommonJS has no `import.meta`, but a name. */
const here = import.meta.url ?? pathToFileURL(__filename).href;

/** The program of the server's thread. It is beside that file, with a name that nobody else uses. */
export const workerFile: URL = new URL(`./busbar-worker${extname(here)}`, here);
