import type { Unit, WriteEvent } from 'busbar';
import type { Device } from '../../device/device.js';
import type { EventData } from '../contract.js';
import { peerToJson, sourceText } from '../sources.js';
import { keyOf } from '../units.js';
import { Allowance } from './allowance.js';
import type { Publish, Source, Stop } from './feed.js';
import { pointChange } from './point-change.js';

/** Events in a second. */
const MOST = 100;

/** Clients' writes. */
export class WritesSource implements Source {
  readonly type = 'write';
  readonly #device: Device;
  readonly #allowance = new Allowance(MOST, 1000);
  #units: readonly Unit[] = [];
  #publish: Publish | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  start(publish: Publish): Stop {
    this.#publish = publish;
    this.#device.on('reloaded', this.#follow);
    this.#follow();
    return () => {
      this.#device.off('reloaded', this.#follow);
      this.#unfollow();
    };
  }

  /** The units that there are now. */
  readonly #follow = (): void => {
    this.#unfollow();
    this.#units = [...this.#device.units];
    for (const unit of this.#units) unit.on('write', this.#written);
  };

  #unfollow(): void {
    for (const unit of this.#units) unit.off('write', this.#written);
    this.#units = [];
  }

  readonly #written = (event: WriteEvent): void => {
    const leftOut = this.#allowance.take();
    if (leftOut === undefined) return;
    const data = writeToJson(event, this.#device.units);
    this.#publish?.('write', leftOut === 0 ? data : { ...data, leftOut });
  };
}

function writeToJson(event: WriteEvent, units: readonly Unit[]): EventData<'write'> {
  const { unit, table, address, values, peer } = event;
  const key = keyOf(unit, units);
  const change = { time: Date.now(), by: sourceText({ peer }) };
  return {
    unit: key,
    table,
    start: address,
    count: values.length,
    values: [...values] as EventData<'write'>['values'],
    points: unit.pointsAt(table, address, values.length).map((point) => pointChange(point, key, change)),
    client: peerToJson(peer),
    time: change.time,
  };
}
