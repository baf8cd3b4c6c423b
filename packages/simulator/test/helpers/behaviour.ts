import type { Behaviour, Kind, Series, Surroundings } from '../../src/behaviours/behaviour.js';
import { Random } from '../../src/random.js';
import type { Value } from '../../src/value.js';

/** What a behaviour under test may read. */
export interface Given {
  points?: Readonly<Record<string, Value>>;
  series?: Series;
  seed?: number;
}

/** Makes a behaviour of the kind. */
export function create(kind: Kind, settings: unknown, { points = {}, series, seed = 1 }: Given = {}): Behaviour {
  const surroundings: Surroundings = {
    random: new Random(seed, 'test'),
    reader: (name) => () => points[name] ?? `no ${name}`,
    numberReader: (name) => () => Number(points[name]),
    series: () => series ?? { times: [], values: [] },
  };
  return kind.create(kind.settings.parse(settings), surroundings);
}

/** What a behaviour gives at some times, in seconds; what it gave is held until the next. */
export function valuesAt(
  behaviour: Behaviour,
  seconds: readonly number[],
  initial: Value = 0,
  takenUp = false,
): Value[] {
  let held = initial;
  return seconds.map((second) => {
    held = behaviour({ time: 1000 * second, date: 1000 * second, held: () => Number(held), takenUp });
    return held;
  });
}

/** The seconds from 0 on. */
export function seconds(count: number, step = 1): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}
