// Serves the sample device in this very process, so that Ctrl-C goes straight to it.
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandEntry, root, setup } from './setup.mjs';

setup();
// With the console, unless another place is given for it.
const given = process.argv.slice(2);
const http = given.some((word) => /^--http(=|$)/.test(word)) ? [] : ['--http', '127.0.0.1:8502'];
const sample = relative(process.cwd(), join(root, 'examples', 'boiler.yaml'));
process.argv = [process.execPath, commandEntry, 'serve', '--config', sample, ...http, ...given];
await import(pathToFileURL(commandEntry).href);
