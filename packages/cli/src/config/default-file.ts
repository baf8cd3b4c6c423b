import { existsSync } from 'node:fs';

const NAMES = ['busbar.yaml', 'busbar.yml', 'busbar.json'];

/** The config file of the current folder, which is served where none is named; undefined if there is none. */
export function defaultFile(): string | undefined {
  return NAMES.find((name) => existsSync(name));
}
