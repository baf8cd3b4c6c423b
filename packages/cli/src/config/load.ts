import { dirname } from 'node:path';
import { buildServers, buildUnits } from './build.js';
import { schemaProblems } from './issues.js';
import { ConfigError, type PlacedProblem } from './problems.js';
import { configSchema } from './schema.js';
import { semanticProblems } from './semantics.js';
import type { Setup } from './setup.js';
import { Source } from './source.js';
import { readConfigText } from './text.js';
import { configWarnings } from './warnings.js';

/** Reads and checks a config file, YAML or JSON; a ConfigError has all that is wrong with it. */
export function loadConfig(file: string, wait: boolean): Setup {
  return parseConfig(readConfigText(file), file, wait);
}

/** `file` is the name to report, and in whose folder other files are looked up. */
export function parseConfig(text: string, file: string, wait = true): Setup {
  const source = new Source(text, file);
  const { value } = source;
  const problems = schemaProblems(value, configSchema);
  problems.push(...semanticProblems(value));
  const config = configSchema.safeParse(value).data;
  const units = buildUnits(value, problems);
  const shared = { ...(config && { identity: config.identity, unknownUnit: config.unknownUnit }), wait };
  const servers = buildServers(value, units, shared, dirname(file), problems);
  const placed = [...source.repeated, ...source.place(problems)];
  if (config === undefined || placed.length > 0) throw new ConfigError(file, placed.sort(byPlace));
  const warnings = source.place(configWarnings(config, units, servers)).sort(byPlace);
  return { units, servers, shared, config: file, replaced: 0, warnings };
}

function byPlace(a: PlacedProblem, b: PlacedProblem): number {
  return a.line - b.line || a.column - b.column;
}
