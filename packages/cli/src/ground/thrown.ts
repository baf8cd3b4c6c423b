import { spawnSync } from 'node:child_process';
import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where code of a user's file has thrown, in it or in a file beside it. */
export interface ThrownAt {
  /** `extra.mjs:3:7`, from the folder of the file; without a column where only the line is known. */
  readonly place: string | undefined;
  /** What was thrown, in words. */
  readonly message: string;
}

/** @param files the user's. */
export function thrownAt(thrown: unknown, ...files: readonly string[]): ThrownAt {
  if (!(thrown instanceof Error)) return { place: undefined, message: String(thrown) };
  const { name, message, stack = '' } = thrown;
  const words = message === '' ? name : message;
  const place = files.map((file) => firstPlace(String(stack), file)).find((found) => found !== undefined);
  return { place, message: name === 'Error' ? words : `${name}: ${words}` };
}

/** Where in the user's files the cause of an error was thrown, to go behind its message: ` (extra.mjs:3:7)`. */
export function causePlace({ cause }: Error, files: readonly string[]): string {
  const { place } = thrownAt(cause, ...files);
  return place === undefined ? '' : ` (${place})`;
}

/** Why a file of the user's can't be imported, and where. */
export function importFailure(error: unknown, file: string): ThrownAt {
  const { place, message } = thrownAt(error, file);
  return { place: place ?? syntaxErrorIn(error, file), message };
}

/** Milliseconds. */
const CHECK_TIMEOUT = 5000;

/** Where a file cannot be parsed. Only Node.js itself knows, and tells it when it is asked to check the file. */
function syntaxErrorIn(error: unknown, file: string): string | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: CHECK_TIMEOUT });
  return firstPlace(stderr, file);
}

/** The first place in a text, such as a stack, that is in a file or beside it: `extra.mjs:3:7`. */
function firstPlace(text: string, file: string): string | undefined {
  const folder = dirname(file);
  // Node.js writes addresses in stacks, and paths where it checks a file.
  return placeBehind(text, `${pathToFileURL(folder).href}/`) ?? placeBehind(text, folder + sep);
}

function placeBehind(text: string, folder: string): string | undefined {
  const begin = text.indexOf(folder);
  if (begin < 0) return undefined;
  const [, path, line, column] = PLACE.exec(text.slice(begin + folder.length)) ?? [];
  return path === undefined
    ? undefined
    : [decodeURI(path), line, column].filter((part) => part !== undefined).join(':');
}

/** Path, perhaps with a query; line; column, unless only the line is known. */
const PLACE = /^([^\s?:]+)(?:\?[^\s:]*)?:(\d+)(?::(\d+))?/;
