import { isDeepStrictEqual } from 'node:util';
import type { Webhook } from '../../config/schema-webhooks.js';
import type { Device } from '../../device/device.js';
import type { Logger } from '../../log/logger.js';
import type { Feed, Hold } from '../events/feed.js';
import type { Filter } from '../events/filter.js';
import { keyOf, unitOf } from '../units.js';
import { Hook, PATIENCE, type Patience } from './hook.js';
import { toldTo } from './wanted.js';

/** A webhook at work. */
interface Working {
  readonly hook: Hook;
  readonly hold: Hold;
  readonly unlisten: () => void;
}

/** Tells addresses of what happens. Serving never waits for them. */
export class Webhooks {
  readonly #device: Device;
  readonly #feed: Feed;
  readonly #log: Logger;
  readonly #patience: Patience;
  #working: readonly Working[] = [];

  constructor(device: Device, feed: Feed, log: Logger, patience: Patience = PATIENCE) {
    this.#device = device;
    this.#feed = feed;
    this.#log = log;
    this.#patience = patience;
  }

  /** Takes these in place of the others. What is the same as before goes on, with the events that wait. */
  replace(list: readonly Webhook[]): void {
    const before = [...this.#working];
    this.#working = list.map((options) => {
      const i = before.findIndex(({ hook }) => isDeepStrictEqual(hook.options, options));
      const [same] = i < 0 ? [] : before.splice(i, 1);
      same?.unlisten();
      const hook = same?.hook ?? new Hook(options, this.#log, this.#patience);
      const working = this.#follow(hook);
      same?.hold.release();
      return working;
    });
    for (const each of before) end(each);
  }

  stop(): void {
    for (const each of this.#working) end(each);
    this.#working = [];
  }

  #follow(hook: Hook): Working {
    const filter = this.#filterOf(hook.options);
    const hold = this.#feed.hold(filter.types);
    const unlisten = this.#feed.listen((event) => {
      const json = toldTo(hook.options, filter, event);
      if (json !== undefined && event.type !== 'start') hook.tell({ id: event.id, type: event.type, json });
    });
    return { hook, hold, unlisten };
  }

  /** After a reload, the unit may have another key. */
  #filterOf({ on, unit: name }: Webhook): Filter {
    const types = new Set(Array.isArray(on) ? on : [on]);
    if (name === undefined) return { types };
    const unit = unitOf(name, this.#device);
    return { types, unit: { key: keyOf(unit, this.#device.units), id: unit.id } };
  }
}

function end({ hook, hold, unlisten }: Working): void {
  unlisten();
  hold.release();
  hook.end();
}
