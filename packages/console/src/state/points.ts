import { batch, type Signal, signal } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { Point, PointChange, UnitKey } from '../api/contract.js';
import { subscribe } from '../api/live.js';
import { pointsPath } from '../api/paths.js';
import { type Resource, useResource } from './resource.js';

/** The points of a unit, each of them a signal: a point that changes renders its own row, and nothing else. */
export function usePoints(unit: UnitKey): Resource<readonly Signal<Point>[]> {
  const { value, error, reload } = useResource<Point[]>(pointsPath(unit));
  const points = useMemo(() => value?.map((point) => signal(point)), [value]);
  useLayoutEffect(() => {
    const byName = new Map(points?.map((point) => [point.value.name, point]));
    return subscribe('change', ({ points: changes }) =>
      batch(() => {
        for (const change of changes) if (isOf(unit, change.unit)) apply(change, byName.get(change.name));
      }),
    );
  }, [points, unit]);
  return { value: points, error, reload };
}

/** Whether two keys are of the same unit: in the address of a page, each is a text. */
export function isOf(unit: UnitKey, other: UnitKey): boolean {
  return String(unit) === String(other);
}

function apply({ value, text, raw, time, by }: PointChange, point: Signal<Point> | undefined): void {
  if (point === undefined) return;
  point.value = { ...point.value, value, text, raw, changed: { time, by } };
}
