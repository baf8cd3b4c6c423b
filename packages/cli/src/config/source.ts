import { type Document, isAlias, isPair, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { duplicateKeys } from './duplicates.js';
import { Variables } from './environment.js';
import { mergeKeys } from './merge-keys.js';
import { eachNode } from './nodes.js';
import { placeProblems, problemAt } from './places.js';
import { ConfigError, type PlacedProblem, type Problem } from './problems.js';
import { wholeFileError } from './text.js';

/** The text of a config as a value, and where each part of it stands. */
export class Source {
  readonly value: unknown;
  /** Keys that are given twice. */
  readonly repeated: readonly PlacedProblem[];
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** JSON is read as YAML 1.2, which contains it. @param file is the name to report. @throws ConfigError */
  constructor(text: string, file: string) {
    const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const;
    const variables = new Variables(text);
    this.#document = parseDocument(variables.hidden, options);
    const inWords = (problem: PlacedProblem) => ({ ...problem, message: variables.asWritten(problem.message) });
    this.#require((document, lines) => syntaxProblems(document, lines).map(inWords), file);
    this.#require((document, lines) => variables.putInto(document, lines, process.env), file);
    keepAsWritten(this.#document);
    this.repeated = duplicateKeys(this.#document, this.#lines);
    this.#require(mergeKeys, file);
    this.value = withoutExtensions(toValue(this.#document, file));
  }

  /** A step without which the next make no sense. @throws ConfigError with the problems that it finds. */
  #require(step: (document: Document, lines: LineCounter) => PlacedProblem[], file: string): void {
    const problems = step(this.#document, this.#lines);
    if (problems.length > 0) throw new ConfigError(file, problems);
  }

  /** Where the problems are. */
  place(problems: readonly Problem[]): PlacedProblem[] {
    return placeProblems(problems, this.#document, this.#lines);
  }
}

const SYNTAX_MESSAGES: Record<string, string> = {
  MULTIPLE_DOCS: 'expected one document, found the start of another',
};

function syntaxProblems(document: Document, lines: LineCounter): PlacedProblem[] {
  // What is open at one place, a map in a list for example, is one mistake.
  const first = new Map([...document.errors, ...document.warnings].reverse().map((error) => [error.pos[0], error]));
  const problems = [...first.values()]
    .reverse()
    .map(({ code, pos, message }) => problemAt(lines, pos[0], SYNTAX_MESSAGES[code] ?? message));
  eachNode(document, (node) => {
    if (!isAlias(node) || node.resolve(document) !== undefined) return;
    problems.push(problemAt(lines, node.range?.[0] ?? 0, `found *${node.source}, but no &${node.source} before it`));
  });
  return problems;
}

/**
 * Keys whose values are kept as they are written, although they look like numbers: of permissions, where 0660 is octal,
 * and of places, where 00001 is a coil and 40031.10 the tenth bit of a register.
 */
const SPELLED = new Set<unknown>(['mode', 'at']);

function keepSpelling({ key, value }: Pair): void {
  if (!isScalar(key) || !SPELLED.has(key.value) || !isScalar(value)) return;
  if (typeof value.value === 'number') value.value = value.source;
}

/** Whole numbers beyond 2^53 become bigints: points of 64 bits hold them exactly. */
function keepAsWritten(document: Document): void {
  eachNode(document, (node) => {
    if (isPair(node)) keepSpelling(node);
    else if (isScalar(node) && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) {
      node.value = exactly(node.source ?? '') ?? node.value;
    }
  });
}

/** Undefined for numbers such as 1e30, which are not written as whole ones. */
function exactly(source: string): bigint | undefined {
  const [, sign, digits] = /^([-+]?)(\d+|0x[\da-fA-F]+|0o[0-7]+)$/.exec(source) ?? [];
  if (digits === undefined) return undefined;
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

/** How often one anchor may be used, times the aliases within it: a bus has 247 units that may have much in common. */
const MAX_ALIASES = 10_000;

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw wholeFileError(file, error instanceof Error ? error.message : String(error));
  }
}

/** Leaves out the keys that are there only for their anchors. */
function withoutExtensions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));
}
