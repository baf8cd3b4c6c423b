// Serves the sample device in this very process, so that Ctrl-C goes straight to it.
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandEntry, root, setup } from './setup.mjs';

setup();
const sample = relative(process.cwd(), join(root, 'examples', 'boiler.yaml'));
process.argv = [process.execPath, commandEntry, 'serve', '--config', sample, ...process.argv.slice(2)];
await import(pathToFileURL(commandEntry).href);
