import { fileURLToPath } from 'node:url';

/** The files of the console, if they have been built. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../dist/console', import.meta.url));
