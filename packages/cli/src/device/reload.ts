import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { formatPath, type Unit } from 'busbar';
import type { SimulatedUnit } from 'busbar-simulator';
import { deviceOf, makeUnit } from '../config/build.js';
import { valueAt } from '../config/parts.js';
import { lasting } from '../config/schema-unit.js';
import type { Setup } from '../config/setup.js';
import { type BoundServer, isSameServer, rename } from '../listeners/server.js';
import { carryOver, type Entry } from './carry-over.js';
import type { DeviceChanges } from './changes.js';
import { type Pairing, pairs } from './pairs.js';
import { Switching } from './switching.js';

/** The step from one setup to the next. What is the same in both goes on: its units, its servers and their clients. */
export class Reload {
  readonly #next: Setup;
  readonly units: Pairing<Entry>;
  readonly #servers: Pairing<BoundServer>;
  /** Units of the next setup that live otherwise than before. */
  readonly #behaviours: readonly Unit[];
  /** Whether they have changed. */
  readonly #webhooks: boolean;

  /** @param isRead whether a file is as it was when it was read before. */
  constructor(before: Setup, next: Setup, isRead: (file: string) => boolean) {
    this.#next = next;
    const isSame = (one: Entry, other: Entry) => isDeepStrictEqual(deviceOf(one.content), deviceOf(other.content));
    const byName = ({ unit }: Entry) => unit.name;
    const byId = ({ unit }: Entry) => unit.id;
    const byBoth = ({ unit: { id, name } }: Entry) => JSON.stringify([id, name]);
    this.units = pairs(entriesOf(before), entriesOf(next), isSame, [byBoth, byName, byId]);
    this.#servers = pairs(before.servers, next.servers, isSameServer, []);
    const { kept, changed } = this.units;
    const unitBefore = new Map([...kept, ...changed].map((pair) => [pair.after.unit, pair.before.unit]));
    this.#webhooks = !isDeepStrictEqual(before.content?.webhooks, next.content?.webhooks);
    this.#behaviours = livesOtherwise(before.lives, next.lives, unitBefore, isRead);
  }

  /** Listeners that have to be opened. */
  get opened(): readonly BoundServer[] {
    return this.#servers.added;
  }

  /** Whether the device has other `Unit`s afterwards. */
  get replacesUnits(): boolean {
    const { changed, added, removed } = this.units;
    return changed.length + added.length + removed.length > 0;
  }

  /** Whether other points live, or live otherwise. */
  get changesLives(): boolean {
    return this.replacesUnits || this.#behaviours.length > 0;
  }

  /** The step between the listeners. Until the rest follows, clients find the units as they are now. */
  switching(): Switching {
    const { added, removed } = this.#servers;
    const { kept, changed } = this.units;
    const present = new Map([...kept, ...changed].map(({ before, after }) => [after.unit, before.unit]));
    for (const { server, units } of added) server.units.replace(units.map((unit) => present.get(unit) ?? unit));
    return new Switching({ close: removed, open: added });
  }

  /** Gives all servers their units, at one moment. @returns the setup from now on. */
  commit(): Setup {
    this.#carryOver();
    const units = this.#next.units.map((unit) => this.#final(unit));
    const lives = this.#next.lives.map((life) => ({ ...life, unit: this.#final(life.unit) }));
    return { ...this.#next, units, lives, servers: this.#next.servers.map((fresh) => this.#adopt(fresh)) };
  }

  #carryOver(): void {
    for (const { before, after } of this.units.changed) {
      carryOver({ unit: before.unit, initial: makeUnit(before.content) }, after);
    }
  }

  /** The unit that is served: one that is the same goes on. */
  #final(fresh: Unit): Unit {
    return this.units.kept.find(({ after }) => after.unit === fresh)?.before.unit ?? fresh;
  }

  /** The server that goes on, or a new one, with the units that it has to serve. */
  #adopt(fresh: BoundServer): BoundServer {
    const bound = this.#servers.kept.find(({ after }) => after === fresh)?.before ?? fresh;
    rename(bound, fresh.entry);
    bound.place.index = fresh.place.index;
    bound.units = fresh.units.map((unit) => this.#final(unit));
    bound.server.units.replace(bound.units);
    return bound;
  }

  /** To be asked after the step. @param restart keys of the config that only a restart applies. */
  changes(restart: readonly string[]): Omit<DeviceChanges, 'faults'> {
    const { added, changed, removed } = this.units;
    const units = (entries: readonly Entry[]) => entries.map(({ unit }) => unit);
    const names = (servers: readonly BoundServer[]) => servers.map(({ name }) => name);
    return {
      units: { added: units(added), changed: units(changed.map(({ after }) => after)), removed: units(removed) },
      behaviours: this.#behaviours.map((unit) => this.#final(unit)),
      listeners: { opened: names(this.#servers.added), closed: names(this.#servers.removed) },
      webhooks: this.#webhooks,
      restart: [...restart, ...this.#lastingKeys()],
    };
  }

  /** Keys that say of units that are there already whether their values last. */
  #lastingKeys(): string[] {
    const { kept, changed } = this.units;
    return [...kept, ...changed].flatMap(({ before, after }) => {
      const keys = Object.keys(lasting).filter((key) => isOn(before.content, key) !== isOn(after.content, key));
      return keys.map((key) => formatPath(['units', this.#next.units.indexOf(after.unit), key]));
    });
  }
}

function isOn(content: unknown, key: string): boolean {
  return valueAt(content, key) !== false;
}

function entriesOf({ units, content }: Setup): Entry[] {
  return units.map((unit, i) => ({ unit, content: content?.units[i] }));
}

/**
 * Units that were there before, and live otherwise now.
 * @param unitBefore the unit that each was before.
 * @param isRead whether a file of recorded values is as it was when it was read before.
 */
function livesOtherwise(
  before: readonly SimulatedUnit[],
  next: readonly SimulatedUnit[],
  unitBefore: ReadonlyMap<Unit, Unit>,
  isRead: (file: string) => boolean,
): Unit[] {
  const changed = next.filter((life) => {
    const former = before.find(({ unit }) => unit === unitBefore.get(life.unit));
    return former !== undefined && !(isSame(former, life) && recordsOf(life).every(isRead));
  });
  return changed.map(({ unit }) => unit);
}

function isSame({ unit: before, ...former }: SimulatedUnit, { unit, ...life }: SimulatedUnit): boolean {
  return isDeepStrictEqual(former, life);
}

/** The files of recorded values that its points replay. */
function recordsOf({ simulate = {}, folder = '.' }: SimulatedUnit): string[] {
  return Object.values(simulate).flatMap((settings) => {
    return settings?.replay === undefined ? [] : [resolve(folder, settings.replay.file)];
  });
}
