import { EventEmitter } from 'node:events';
import type { ChangeSource, ChangesEvent, Point, Unit } from 'busbar';
import type { Device } from '../device/device.js';
import { sourceText } from './sources.js';

/** When a point has changed, and by whom. */
interface Change {
  readonly time: number;
  readonly by: string;
}

/** What is known of a point. */
interface Known {
  /** To tell a change from a write of the same. */
  readonly raw: readonly number[];
  readonly change: Change | null;
}

/** What has changed in one turn of the event loop. */
export interface UnitChanges extends ChangesEvent {
  /** Those whose registers, or whose bit, are not what they were. */
  readonly points: readonly Point[];
}

/** The last change of each point, from the start on. */
export class LastChanges extends EventEmitter<{ changed: [changes: UnitChanges] }> {
  readonly #device: Device;
  readonly #followed = new Set<Unit>();
  readonly #known = new WeakMap<Point, Known>();

  constructor(device: Device) {
    super();
    this.#device = device;
    this.#follow();
    device.on('reloaded', this.#reloaded);
  }

  of(point: Point): Change | null {
    return this.#known.get(point)?.change ?? null;
  }

  stop(): void {
    this.#device.off('reloaded', this.#reloaded);
    for (const unit of this.#followed) unit.off('changes', this.#changed);
    this.#followed.clear();
  }

  readonly #reloaded = (): void => this.#follow();

  #follow(): void {
    const { units } = this.#device;
    for (const unit of this.#followed) {
      if (units.includes(unit)) continue;
      unit.off('changes', this.#changed);
      this.#followed.delete(unit);
    }
    for (const unit of units) if (!this.#followed.has(unit)) this.#begin(unit);
  }

  #begin(unit: Unit): void {
    this.#followed.add(unit);
    for (const point of Object.values(unit.points)) this.#known.set(point, { raw: point.raw, change: null });
    unit.on('changes', this.#changed);
  }

  readonly #changed = ({ unit, ranges }: ChangesEvent): void => {
    const time = Date.now();
    const points = ranges.flatMap((range) => {
      if (!('address' in range)) return [];
      const touched = unit.pointsAt(range.part, range.address, range.quantity);
      return touched.filter((point) => this.#note(point, range.by, time));
    });
    this.emit('changed', { unit, ranges, points });
  };

  /** @returns whether it has changed. */
  #note(point: Point, by: ChangeSource, time: number): boolean {
    const { raw } = point;
    const before = this.#known.get(point)?.raw;
    if (before?.every((word, i) => word === raw[i])) return false;
    this.#known.set(point, { raw, change: { time, by: sourceText(by) } });
    return true;
  }
}
