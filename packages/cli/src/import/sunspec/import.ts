import type { DraftPoint, Imported } from '../../draft/draft.js';
import { didYouMean } from '../../ground/suggest.js';
import { UsageError } from '../../ground/usage-error.js';
import { commonModel, withValues } from './common.js';
import { type PlacedModel, placeModel, type Repeats, repeatedGroups } from './layout.js';
import { namedPoints } from './named-points.js';
import { readModel, type TextFile } from './read-model.js';
import type { SunspecModel } from './schema.js';

export interface SunspecOptions {
  /** The register of the mark `SunS`. */
  readonly base: number;
  readonly repeats: Repeats;
}

/** The last model says that none follows. */
const END_ID = 0xffff;
const MOST_REGISTERS = 65_536;

/**
 * Turns models of the SunSpec Alliance, one file each, into a config with one device: the mark, model 1, the others in
 * their order, and the end.
 * @throws ConfigError, UsageError
 */
export function importSunspec(files: readonly TextFile[], { base, repeats }: SunspecOptions): Imported {
  const given = files.map(readModel);
  checkOnce(given, files);
  checkRepeats(given, repeats);
  const others = given.filter(({ id }) => id !== 1);
  const about = others[0] ?? given[0];
  const common = given.find(({ id }) => id === 1);
  const first = common === undefined ? commonModel(about) : withValues(common, about);
  const models = placeAll([first, ...others], base + 2, repeats);
  const end = base + 2 + models.reduce((sum, { size }) => sum + size, 0);
  if (end + 2 > MOST_REGISTERS) throw new UsageError(`the models end at register ${end + 1}: choose a smaller --base`);
  const named = namedPoints(models);
  const points = Object.fromEntries<DraftPoint>([
    ['SunS', { at: `holding ${base}`, type: 'string', length: 2, value: 'SunS', readOnly: true }],
    ...named.flat(),
    ['end_ID', { at: `holding ${end}`, type: 'uint16', value: END_ID, readOnly: true }],
    ['end_L', { at: `holding ${end + 1}`, type: 'uint16', readOnly: true }],
  ]);
  const headings = new Map(models.map((model, i) => [named[i][0][0], heading(model)]));
  headings.set('SunS', 'The mark of SunSpec devices').set('end_ID', 'The end');
  return { draft: { units: [{ id: 1, name: about.group.label ?? about.group.name, points }] }, headings, notes: [] };
}

function heading({ id, label, address, size }: PlacedModel): string {
  return `Model ${id}: ${label}, registers ${address} to ${address + size - 1}`;
}

function placeAll(models: readonly SunspecModel[], start: number, repeats: Repeats): PlacedModel[] {
  let address = start;
  return models.map((model) => {
    const placed = placeModel(model, address, repeats);
    address += placed.size;
    return placed;
  });
}

function checkOnce(models: readonly SunspecModel[], files: readonly TextFile[]): void {
  for (const [i, { id }] of models.entries()) {
    const first = models.findIndex((other) => other.id === id);
    if (first < i) throw new UsageError(`${files[first].file} and ${files[i].file} are both model ${id}`);
  }
}

function checkRepeats(models: readonly SunspecModel[], repeats: Repeats): void {
  const known = models.flatMap(({ group }) => repeatedGroups(group));
  const unknown = [...repeats.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const are =
    known.length === 0 ? 'none of the models has a group that repeats' : `there is ${[...new Set(known)].join(', ')}`;
  throw new UsageError(`--repeat ${unknown}: no such group; ${are}${didYouMean(unknown, known)}`);
}
