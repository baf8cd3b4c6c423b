import { schemaProblems } from '../../config/issues.js';
import { ConfigError, type Problem } from '../../config/problems.js';
import { Source } from '../../config/source.js';
import type { Path } from '../../ground/path.js';
import { modelSchema, POINT_SIZES, type SunspecGroup, type SunspecModel } from './schema.js';

/** A file that has been read. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** Reads a model in JSON. @throws ConfigError */
export function readModel({ file, text }: TextFile): SunspecModel {
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

function sizeProblems({ points, groups }: SunspecGroup, path: Path): Problem[] {
  const own = points.flatMap(({ type, size }, i) => {
    const expected = POINT_SIZES[type];
    if (expected === undefined || expected === size) return [];
    return [{ path: [...path, 'points', i, 'size'], message: `expected ${expected} for ${type}, found ${size}` }];
  });
  return [...own, ...groups.flatMap((group, i) => sizeProblems(group, [...path, 'groups', i]))];
}
