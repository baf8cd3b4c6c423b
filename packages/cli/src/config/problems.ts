import type { Path } from '../ground/path.js';
import { shown } from '../ground/shown.js';

/** One thing that is wrong in a config: where it is by its keys, and what was found and is allowed. */
export interface Problem {
  path: Path;
  /** Point at the key rather than at its value. */
  atKey?: boolean;
  /** A key that is not there, at `path`. */
  missing?: string | number | undefined;
  message: string;
}

/** A problem with its place in the file, counted from 1; line 0 is the file as a whole. */
export interface PlacedProblem {
  line: number;
  column: number;
  key: string;
  message: string;
}

/** The config cannot be used. `problems` has everything that is wrong with it, in the order of the file. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly file: string;
  readonly problems: readonly PlacedProblem[];

  constructor(file: string, problems: readonly PlacedProblem[]) {
    super(problems.map((problem) => formatProblem(file, problem)).join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** `boiler.yaml:7:22: units[0].id: what is wrong` */
export function formatProblem(file: string, { line, column, key, message }: PlacedProblem, kind = ''): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return shown(`${place}: ${kind}${key === '' ? '' : `${key}: `}${message}`);
}
