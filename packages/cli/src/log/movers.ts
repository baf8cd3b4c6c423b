import type { Point } from 'busbar';
import type { Simulate, SimulatedUnit } from 'busbar-simulator';
import type { Mover } from './point-table.js';

/** What moves the points of these units. */
export function moverOf(lives: readonly SimulatedUnit[]): Mover {
  const words = new Map<Point, string>();
  for (const { unit, simulate = {} } of lives) {
    for (const [name, settings] of Object.entries(simulate)) {
      const point = unit.points[name];
      if (point !== undefined && settings !== undefined) words.set(point, inWords(settings));
    }
  }
  return (point) => words.get(point);
}

function inWords(simulate: Simulate): string {
  const { follow, total, formula, replay, clock, constant, active = true } = simulate;
  if (!active) return 'stands still';
  if (follow !== undefined) return `follows ${follow.point}`;
  if (total !== undefined) return `adds up ${total.point}`;
  if (formula !== undefined) return `= ${formula}`;
  if (replay !== undefined) return `replays ${replay.file}`;
  if (clock !== undefined) return `clock: ${clock}`;
  return constant === undefined ? periodic(simulate) : 'constant';
}

/** The kinds with a number where they begin and one where they end. */
const RANGED = ['ramp', 'triangle', 'sine', 'square', 'random', 'walk', 'count'] as const;

function periodic(simulate: Simulate): string {
  const kind = RANGED.find((name) => simulate[name] !== undefined);
  if (kind === undefined) return 'toggles';
  const { from, to } = { from: undefined, to: undefined, ...simulate[kind] };
  if (kind === 'count') return 'counts';
  return from === undefined || to === undefined ? kind : `${kind} ${from} to ${to}`;
}
