import type { DraftPoint } from '../../draft/draft.js';
import { pointName } from '../names.js';
import type { PlacedModel } from './layout.js';
import { modelPoints } from './points.js';

type Named = [name: string, point: DraftPoint];

/** The points of each model. One whose name another model has, too, gets the id of its model: `ID_103`. */
export function namedPoints(models: readonly PlacedModel[]): Named[][] {
  const all = models.map((model) => modelPoints(model).map(([name, point]): Named => [pointName(name), point]));
  const names = all.flat().map(([name]) => name);
  // Every model has these.
  const shared = new Set(['ID', 'L', ...names.filter((name, i) => names.indexOf(name) < i)]);
  return models.map(({ id }, i) =>
    all[i].map(([name, point]): Named => [shared.has(name) ? `${name}_${id}` : name, point]),
  );
}
