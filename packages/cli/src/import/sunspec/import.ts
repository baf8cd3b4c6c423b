import { schemaProblems } from '../../config/issues.js';
import { ConfigError, type Problem } from '../../config/problems.js';
import { Source } from '../../config/source.js';
import type { DraftPoint, Imported } from '../../draft/draft.js';
import { didYouMean } from '../../ground/suggest.js';
import { UsageError } from '../../ground/usage-error.js';
import { pointName } from '../names.js';
import { commonModel, withValues } from './common.js';
import { type PlacedModel, placeModel, type Repeats, repeatedGroups } from './layout.js';
import { modelPoints } from './points.js';
import { modelSchema, POINT_SIZES, type SunspecGroup, type SunspecModel } from './schema.js';

/** A file that has been read. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

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
  const names = new Names(models);
  const points = Object.fromEntries<DraftPoint>([
    ['SunS', { at: `holding ${base}`, type: 'string', length: 2, value: 'SunS', readOnly: true }],
    ...models.flatMap((model) => names.named(model)),
    ['end_ID', { at: `holding ${end}`, type: 'uint16', value: END_ID, readOnly: true }],
    ['end_L', { at: `holding ${end + 1}`, type: 'uint16', readOnly: true }],
  ]);
  const headings = new Map(models.map((model) => [names.first(model), heading(model)]));
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

function readModel({ file, text }: TextFile): SunspecModel {
  const source = new Source(text, file);
  const problems = schemaProblems(source.value, modelSchema);
  if (problems.length > 0) throw new ConfigError(file, source.place(problems));
  const model = modelSchema.parse(source.value);
  const wrong = [...beginProblems(model), ...sizeProblems(model.group, ['group'])];
  if (wrong.length > 0) throw new ConfigError(file, source.place(wrong));
  return model;
}

function beginProblems({ group: { points } }: SunspecModel): Problem[] {
  const isSound = points[0]?.name === 'ID' && points[1]?.name === 'L';
  return isSound
    ? []
    : [{ path: ['group', 'points'], message: 'expected the points ID and L first, as every model has them' }];
}

function sizeProblems({ points, groups }: SunspecGroup, path: readonly (string | number)[]): Problem[] {
  const own = points.flatMap(({ type, size }, i) => {
    const expected = POINT_SIZES[type];
    if (expected === undefined || expected === size) return [];
    return [{ path: [...path, 'points', i, 'size'], message: `expected ${expected} for ${type}, found ${size}` }];
  });
  return [...own, ...groups.flatMap((group, i) => sizeProblems(group, [...path, 'groups', i]))];
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

/** Names of points: as the model has them, with its id behind where another model has the same. */
class Names {
  readonly #models = new Map<PlacedModel, [string, DraftPoint][]>();

  constructor(models: readonly PlacedModel[]) {
    const all = models.map((model) =>
      modelPoints(model).map(([name, point]): [string, DraftPoint] => [pointName(name), point]),
    );
    const count = new Map<string, number>();
    for (const [name] of all.flat()) count.set(name, (count.get(name) ?? 0) + 1);
    for (const [i, model] of models.entries()) {
      const own = all[i].map(([name, point]): [string, DraftPoint] => {
        const isShared = name === 'ID' || name === 'L' || (count.get(name) ?? 0) > 1;
        return [isShared ? `${name}_${model.id}` : name, point];
      });
      this.#models.set(model, own);
    }
  }

  named(model: PlacedModel): readonly [string, DraftPoint][] {
    return this.#models.get(model) ?? [];
  }

  first(model: PlacedModel): string {
    return this.named(model)[0]?.[0] ?? '';
  }
}
