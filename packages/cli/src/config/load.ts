import { dirname } from 'node:path';
import type { Unit } from 'busbar';
import type { GivenOptions } from '../listeners/server.js';
import { build } from './build.js';
import { durationProblems } from './durations.js';
import { faultNames, faultProblems } from './faults.js';
import { httpOptions, httpProblems } from './http.js';
import { readBy } from './issues.js';
import { KEEP_TIMES, keepOptions, keepProblems } from './keep.js';
import { lastingProblems } from './lasting.js';
import { listenProblems } from './listen-problems.js';
import { firstOfLists } from './lists.js';
import { lifeProblems, livesOf, timeProblems } from './lives.js';
import { entries, valueAt } from './parts.js';
import { ConfigError, type PlacedProblem, type Problem } from './problems.js';
import { withReferenceHint } from './references.js';
import { type Config, configSchema } from './schema.js';
import { withScripts } from './scripts.js';
import { servedProblems } from './served.js';
import type { Setup } from './setup.js';
import { SHARE_TIMES, shareOptions, shareProblems } from './share.js';
import { Source } from './source.js';
import { readConfigText, shownName } from './text.js';
import { uselessRules } from './useless-rules.js';
import { configWarnings } from './warnings.js';
import { webhookProblems } from './webhooks.js';

/** Reads a config, YAML or JSON. @param file `-` is the standard input. @throws ConfigError */
export function readConfig(file: string): Source {
  return new Source(readConfigText(file), shownName(file));
}

/** Checks what a config says, sets it up, and imports its scripts. @throws ConfigError with all that is wrong with it. */
export async function setUpConfig(source: Source, file: string, given: GivenOptions): Promise<Setup> {
  const setup = checkConfig(source, file, given);
  return { ...setup, lives: await withScripts(setup.lives, source, file) };
}

/** Checks a config without importing its scripts. @param file the name to report, in whose folder files are looked up. */
export function parseConfig(text: string, file: string, wait = true): Setup {
  return checkConfig(new Source(text, file), file, { wait });
}

function checkConfig(source: Source, file: string, given: GivenOptions): Setup {
  const { value } = source;
  const folder = dirname(file);
  const { units, servers, shared, problems } = build(value, folder, given);
  const made = units.filter((unit) => unit !== undefined);
  // A unit that could not be made may have the points that others name.
  const lives = made.length === units.length ? livesOf(entries(value, 'units'), made, folder) : [];
  const ofSimulation = [...timeProblems(valueAt(value, 'simulation')), ...lifeProblems(lives, faultNames(value))];
  const { data, problems: ofSchema } = readBy(configSchema, value);
  const ofOptions = optionProblems(value, ofSchema, [...problems, ...ofSimulation]);
  const content = requireFaultless(data, source, file, [...ofOptions, ...problemsTogether(value, folder, units)]);
  const { simulation, http, keep, share } = content;
  return {
    units: made,
    servers,
    shared,
    lives,
    simulation,
    http: http && httpOptions(http, folder),
    keep: keep && keepOptions(keep, folder),
    share: share && shareOptions(share, folder),
    config: file,
    content,
    replaced: 0,
    warnings: source.place(configWarnings(content, made, servers)).sort(byPlace),
  };
}

/** @returns what the config says. @throws ConfigError if there are problems. */
function requireFaultless(
  config: Config | undefined,
  source: Source,
  file: string,
  problems: readonly Problem[],
): Config {
  const placed = [...source.repeated, ...source.place(problems)];
  if (config === undefined || placed.length > 0) throw new ConfigError(file, placed.sort(byPlace));
  return config;
}

/** What is wrong with parts of a config together, each of which may be right. */
function problemsTogether(config: unknown, folder: string, units: readonly (Unit | undefined)[]): Problem[] {
  return [
    ...listenProblems(entries(config, 'listen')),
    ...servedProblems(config),
    ...uselessRules(config, units),
    ...faultProblems(config),
    ...httpProblems(valueAt(config, 'http'), folder),
    ...webhookProblems(config),
    ...lastingProblems(config),
    ...keepProblems(valueAt(config, 'keep')),
    ...durationProblems(config, 'keep', KEEP_TIMES),
    ...durationProblems(config, 'share', SHARE_TIMES),
    ...shareProblems(valueAt(config, 'share'), folder),
  ];
}

/** The problems of the schema, and those of the library with other values. The schema words them better for a file. */
function optionProblems(config: unknown, ofSchema: readonly Problem[], fromLibrary: readonly Problem[]): Problem[] {
  const fromSchema = ofSchema.map((problem) => withReferenceHint(problem, config));
  const others = fromLibrary.filter((problem) => !fromSchema.some((each) => covers(each, problem)));
  return firstOfLists([...fromSchema, ...others], config);
}

function covers({ path, missing }: Problem, problem: Problem): boolean {
  const about = missing === undefined ? path : [...path, missing];
  return about.every((key, i) => problem.path[i] === key);
}

function byPlace(a: PlacedProblem, b: PlacedProblem): number {
  return a.line - b.line || a.column - b.column;
}
