import { formatPath } from 'busbar';
import { valueAt } from './parts.js';
import type { Problem } from './problems.js';

/** Reports the first of the wrong items of a list, and how many more there are; maps and lists are reported each. */
export function firstOfLists(problems: readonly Problem[], config: unknown): Problem[] {
  const groups = new Map<unknown, [Problem, ...Problem[]]>();
  for (const problem of problems) {
    const key = isPlainItem(problem, config) ? formatPath(problem.path.slice(0, -1)) : problem;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  return [...groups.values()].map(([first, ...others]) => {
    if (others.length === 0) return first;
    return { ...first, message: `${first.message} (and ${others.length} more like it in this list)` };
  });
}

function isPlainItem({ path }: Problem, config: unknown): boolean {
  const value = path.reduce<unknown>((owner, key) => valueAt(owner, key), config);
  return typeof path.at(-1) === 'number' && typeof value !== 'object';
}
