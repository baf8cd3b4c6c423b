import { dirname } from 'node:path';
import { Ajv } from 'ajv';
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Config } from '../listeners/types.js';
import { schemaProblems } from './ajv-problems.js';
import { buildServers, buildUnits } from './build.js';
import { duplicateKeys } from './duplicates.js';
import { placeProblems } from './places.js';
import { ConfigError, type PlacedProblem } from './problems.js';
import { configSchema } from './schema.js';
import { semanticProblems } from './semantics.js';
import type { Setup } from './setup.js';
import { readConfigText, wholeFileError } from './text.js';
import { configWarnings } from './warnings.js';

const isConfig = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile<Config>(configSchema);

/** Reads and checks a config file, YAML or JSON; a ConfigError has all that is wrong with it. */
export function loadConfig(file: string, wait: boolean): Setup {
  return parseConfig(readConfigText(file), file, wait);
}

/** `file` is the name to report, and in whose folder other files are looked up. JSON is read as YAML 1.2, which contains it. */
export function parseConfig(text: string, file: string, wait = true): Setup {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const syntax = syntaxProblems(document, lines);
  if (syntax.length > 0) throw new ConfigError(file, syntax);

  keepModes(document);
  const value = toValue(document, file);
  const valid = isConfig(value);
  const problems = valid ? [] : schemaProblems(isConfig.errors ?? [], value);
  problems.push(...semanticProblems(value));
  const units = buildUnits(value, problems);
  const shared = { ...(valid && { identity: value.identity, unknownUnit: value.unknownUnit }), wait };
  const servers = buildServers(value, units, shared, dirname(file), problems);
  const placed = [...duplicateKeys(document, lines), ...placeProblems(problems, document, lines)];
  if (!valid || placed.length > 0) throw new ConfigError(file, placed.sort(byPlace));
  const warnings = placeProblems(configWarnings(value, units, servers), document, lines).sort(byPlace);
  return { units, servers, shared, config: file, replaced: 0, warnings };
}

const SYNTAX_MESSAGES: Record<string, string> = {
  MULTIPLE_DOCS: 'expected one document, found the start of another',
};

function syntaxProblems(document: Document, lines: LineCounter): PlacedProblem[] {
  const problems = [...document.errors, ...document.warnings].map(({ code, pos, message }) =>
    placedAt(lines, pos[0], SYNTAX_MESSAGES[code] ?? message),
  );
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      problems.push(
        placedAt(lines, alias.range?.[0] ?? 0, `found *${alias.source}, but no &${alias.source} before it`),
      );
    },
  });
  return problems;
}

function placedAt(lines: LineCounter, offset: number, message: string): PlacedProblem {
  const { line, col } = lines.linePos(offset);
  return { line, column: col, key: '', message };
}

/** Permissions are meant as they are written: 0660 is a decimal number in YAML 1.2, and 0o660 is 432 then. */
function keepModes(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'mode' || !isScalar(value)) return;
      if (typeof value.value === 'number') value.value = value.source;
    },
  });
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw wholeFileError(file, error instanceof Error ? error.message : String(error));
  }
}

function byPlace(a: PlacedProblem, b: PlacedProblem): number {
  return a.line - b.line || a.column - b.column;
}
