import type { Point, Unit } from 'busbar';
import type { Device } from '../../device/device.js';
import type { EventData } from '../contract.js';
import type { LastChanges, UnitChanges } from '../last-changes.js';
import { keyOf } from '../units.js';
import type { Publish, Source, Stop } from './feed.js';
import { Pace } from './pace.js';
import { pointChange } from './point-change.js';
import { Touched } from './touched.js';

/** Milliseconds between two events. */
const INTERVAL = 100;
/** Of one event; others follow with the next. */
const MOST_POINTS = 500;

/** Changes of points and tables, collected: a point is told with the value that it has by then. */
export class ChangesSource implements Source {
  readonly type = 'change';
  readonly #device: Device;
  readonly #changes: LastChanges;
  readonly #pace = new Pace(INTERVAL, () => this.#tell());
  /** Points to be told of, with their units; those that have waited longest first. */
  readonly #points = new Map<Point, Unit>();
  readonly #touched = new Map<Unit, Touched>();
  #publish: Publish | undefined;

  constructor(device: Device, changes: LastChanges) {
    this.#device = device;
    this.#changes = changes;
  }

  start(publish: Publish): Stop {
    this.#publish = publish;
    this.#changes.on('changed', this.#changed);
    return () => this.#stop();
  }

  #stop(): void {
    this.#changes.off('changed', this.#changed);
    this.#pace.stop();
    this.#points.clear();
    this.#touched.clear();
  }

  readonly #changed = ({ unit, ranges, points }: UnitChanges): void => {
    for (const point of points) this.#points.set(point, unit);
    const touched = this.#touched.get(unit) ?? new Touched();
    this.#touched.set(unit, touched);
    for (const range of ranges) if ('address' in range) touched.add(range);
    this.#pace.ask();
  };

  #tell(): void {
    const data = { points: this.#takePoints(), ranges: this.#takeRanges() };
    if (this.#points.size > 0) this.#pace.ask();
    if (data.points.length + data.ranges.length > 0) this.#publish?.('change', data);
  }

  #takePoints(): EventData<'change'>['points'] {
    const { units } = this.#device;
    const taken = [...this.#points].slice(0, MOST_POINTS);
    for (const [point] of taken) this.#points.delete(point);
    return taken.flatMap(([point, unit]) => {
      const change = this.#changes.of(point);
      // A reload may have replaced the unit.
      return change === null || !units.includes(unit) ? [] : [pointChange(point, keyOf(unit, units), change)];
    });
  }

  #takeRanges(): EventData<'change'>['ranges'] {
    const { units } = this.#device;
    const taken = [...this.#touched].filter(([unit]) => units.includes(unit));
    this.#touched.clear();
    return taken.flatMap(([unit, touched]) => touched.ranges.map((range) => ({ unit: keyOf(unit, units), ...range })));
  }
}
