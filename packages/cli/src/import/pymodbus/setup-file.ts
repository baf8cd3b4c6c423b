import type { z } from 'zod';
import { schemaProblems } from '../../config/issues.js';
import { valueAt } from '../../config/parts.js';
import { ConfigError, type Problem } from '../../config/problems.js';
import { Source } from '../../config/source.js';
import type { Path } from '../../ground/path.js';
import { didYouMean } from '../../ground/suggest.js';

/** The lists of a setup, and the options that choose from them. */
const LISTS = { server_list: 'server', device_list: 'device' } as const;
type List = keyof typeof LISTS;

/** A setup of pymodbus' simulator: it reads entries, and says where problems are. */
export class SetupFile {
  readonly #source: Source;
  readonly #file: string;

  /** @param file the name to report. @throws ConfigError */
  constructor(text: string, file: string) {
    this.#source = new Source(text, file);
    this.#file = file;
  }

  /** The path of an entry. @param asked its name; without it, the only entry, or the one that pymodbus would take. */
  pick(list: List, asked: string | undefined): readonly [string, string] {
    const names = this.#names(list);
    const name = asked ?? (names.length === 1 ? names[0] : LISTS[list]);
    if (names.includes(name)) return [list, name];
    const missing = asked === undefined ? `has several: choose with --${LISTS[list]} NAME` : `has no "${asked}"`;
    const guess = asked === undefined ? '' : didYouMean(asked, names, '"');
    throw this.error([{ path: [list], message: `${missing}${guess}; its names are ${names.join(', ')}` }]);
  }

  #names(list: List): string[] {
    const found = valueAt(this.#source.value, list);
    const names = typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.keys(found) : [];
    if (names.length > 0) return names;
    const message = `expected the key "${list}" with at least one entry, as setups of pymodbus have it`;
    throw this.error([{ path: [], message }]);
  }

  /** Reads an entry. @throws ConfigError */
  read<T extends z.ZodType>(path: Path, schema: T): z.output<T> {
    const value = path.reduce(valueAt, this.#source.value);
    const problems = schemaProblems(value, schema);
    if (problems.length > 0) throw this.error(problems, path);
    return schema.parse(value);
  }

  /** @param from what the paths of the problems begin at. */
  error(problems: readonly Problem[], from: Path = []): ConfigError {
    const placed = problems.map((problem) => ({ ...problem, path: [...from, ...problem.path] }));
    return new ConfigError(this.#file, this.#source.place(placed));
  }
}
