import { type Document, isPair, isScalar, type LineCounter, parseDocument, type Scalar } from 'yaml';
import { eachNode } from './nodes.js';
import { pathTo, problemAt, startOf } from './places.js';
import type { PlacedProblem } from './problems.js';

/**
 * `${NAME}` and `${NAME:-default}`, and `$${…}`, which stands for itself. One that is not closed ends at a quote, so that
 * the text around it can be understood.
 */
const VARIABLE = /\$?\$\{(?:[A-Za-z_]\w*:-[^}\n]*\}|[^}"'\n]*\}|[^}"'\n]+)/g;

// While YAML is parsed, others stand in the places of variables: characters for private use, as many as it takes. So
// they are allowed where a bare `{` is not, as in flow maps, and nothing in them counts as YAML. The first marks the
// place, and the next two are digits of its number.
const MARK = '\ue000';
const FILLER = '\ue001';
const FIRST_DIGIT = 0xe100;
const BASE = 4096;
const PLACE = /\ue000([\ue100-\uf0ff])([\ue100-\uf0ff])\ue001*/g;

/** The variables in the text of a config. */
export class Variables {
  /** The text with others in the places of variables; each line is as long as before. */
  readonly hidden: string;
  readonly #written: string[] = [];

  constructor(text: string) {
    this.hidden = text.replace(VARIABLE, (written) => {
      const number = this.#written.push(written) - 1;
      const digits = String.fromCharCode(FIRST_DIGIT + Math.floor(number / BASE), FIRST_DIGIT + (number % BASE));
      return MARK + digits + FILLER.repeat(written.length - MARK.length - digits.length);
    });
  }

  /** Puts the values of variables into a document, and into keys what is written. @returns the problems. */
  putInto(document: Document, lines: LineCounter, environment: NodeJS.ProcessEnv): PlacedProblem[] {
    const problems: PlacedProblem[] = [];
    eachNode(document, (node, ancestors) => {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes(MARK)) return;
      const inside = ancestors.at(-1);
      if (isPair(inside) && inside.key === node) node.value = this.asWritten(node.value);
      else {
        const fail = (message: string) =>
          problems.push(problemAt(lines, startOf(node) ?? 0, message, pathTo(node, ancestors)));
        const text = this.#replace(node.value, (written) => expand(written, environment, fail));
        setText(node, text);
      }
    });
    return problems;
  }

  /** A text with variables again in their places. */
  asWritten(text: string): string {
    return this.#replace(text, (written) => written);
  }

  #replace(text: string, replacement: (written: string) => string): string {
    return text.replace(PLACE, (found, high: string, low: string) => {
      const number = (high.charCodeAt(0) - FIRST_DIGIT) * BASE + low.charCodeAt(0) - FIRST_DIGIT;
      const written = this.#written[number];
      return written === undefined ? found : replacement(written);
    });
  }
}

/** What stands for a variable; an empty one has its default, too, as in a shell. */
function expand(written: string, environment: NodeJS.ProcessEnv, fail: (message: string) => void): string {
  if (written.startsWith('$$')) return written.slice(1);
  const [, name, fallback] = /^\$\{([A-Za-z_]\w*)(?::-(.*))?\}$/.exec(written) ?? [];
  const value = name === undefined ? undefined : environment[name];
  if (name === undefined) {
    fail(`expected \${NAME} or \${NAME:-default}, found ${written}; write $${written} if that text is meant`);
  } else if (value === undefined && fallback === undefined) {
    fail(`found ${written}, but the environment has no ${name}: set it, or give a default, as in \${${name}:-default}`);
  }
  return value || (fallback ?? value ?? '');
}

/** Gives a scalar another text. Without quotes, it may be a number or another word of YAML, but never more. */
function setText(scalar: Scalar, text: string): void {
  scalar.value = text;
  scalar.source = text;
  if (scalar.type !== 'PLAIN' || scalar.tag !== undefined) return;
  const { contents } = parseDocument(text, { logLevel: 'error' });
  if (isScalar(contents) && contents.source === text) scalar.value = contents.value;
}
