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

/** The last change of each point, from the start on. */
export class LastChanges {
  readonly #device: Device;
  readonly #followed = new Set<Unit>();
  readonly #known = new WeakMap<Point, Known>();

  constructor(device: Device) {
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
    for (const range of ranges) {
      if (!('address' in range)) continue;
      for (const point of unit.pointsAt(range.part, range.address, range.quantity)) this.#note(point, range.by, time);
    }
  };

  #note(point: Point, by: ChangeSource, time: number): void {
    const { raw } = point;
    const before = this.#known.get(point)?.raw;
    if (before?.every((word, i) => word === raw[i])) return;
    this.#known.set(point, { raw, change: { time, by: sourceText(by) } });
  }
}
