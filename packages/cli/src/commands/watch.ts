import type { Command } from 'commander';
import type { EventData, PointChange } from '../api/contract.js';
import { printMore } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import type { RemoteClient } from '../remote/client.js';
import type { Covered } from '../remote/covered.js';
import type { NamedPoint } from '../remote/points.js';
import { addRemoteSettings, clientOf, JSON_OUT } from './remote.js';
import { addCommand } from './shared.js';

const DESCRIPTION =
  'Prints changes of a device that busbar serve --http serves, as they happen: of some points, which are printed as ' +
  'they are first, or of all. Of a point that changes more often than ten times a second it leaves some out. It goes ' +
  'on until Ctrl-C, also when the device starts again.';

const NOTES = `
With --json each line is an object: unit, name, value, text, raw, time, by. What
changes outside of points is printed only without --json, and without names.

Exit codes: 0 the reader of its output has enough, 1 the device cannot be asked,
2 wrong usage, 130 Ctrl-C.

Examples:
  busbar watch
  busbar watch flow boiler.pump
  busbar watch flow --json | head -n 10`;

/** `busbar watch` */
export function addWatch(program: Command): void {
  const command = addCommand(program, 'watch', 'print changes of a running device as they happen');
  command.usage('[POINT …] [options]').description(DESCRIPTION).addHelpText('after', NOTES);
  addRemoteSettings(command);
  command.action(async () => {
    const options = watchOptions(command);
    process.exitCode = await watch(await clientOf(command), options);
  });
}

export function watchOptions(command: Command) {
  return { points: command.args, json: JSON_OUT.of(command) };
}

type Options = ReturnType<typeof watchOptions>;
type Change = EventData<'change'>;

async function watch(client: RemoteClient, { points, json }: Options): Promise<number> {
  const { allPoints, Covered, findPoints, openEvents, untilThere } = await import('../remote/remote.js');
  const isAll = points.length === 0;
  const find = async () => {
    const found = await (isAll ? allPoints(client) : findPoints(client, points));
    return new Watched(found, new Covered(found.map(({ point }) => point)));
  };
  const print = async () => (isAll ? undefined : await printMore(watched.present(json)));
  await find();
  const feed = await openEvents(client, ['change']);
  // Once more: now no change is missed between what they are and the first event.
  let watched = await find();
  let end = await print();
  if (end !== undefined) return end;
  for await (const event of feed) {
    if (event.type === 'change') end = await printMore(watched.changes(event.data, json, isAll));
    else warn(event.type, client);
    if (event.type === 'lost') {
      watched = await untilThere(find, forEver, () => undefined);
      end = await print();
    }
    if (end !== undefined) break;
  }
  return end ?? 0;
}

const forEver = () => Number.POSITIVE_INFINITY;

const WARNINGS = {
  away: 'cannot be reached any more: it is watched again as soon as it is back',
  back: 'is back',
  lost: 'cannot tell all changes: some are left out',
};

function warn(what: keyof typeof WARNINGS, { origin }: RemoteClient): void {
  process.stderr.write(`busbar: ${origin} ${WARNINGS[what]}\n`);
}

/** One long name must not push the values of all others out of sight. */
const WIDEST = 40;

/** The points whose changes are printed. */
class Watched {
  readonly #names: ReadonlyMap<string, string>;
  readonly #points: readonly NamedPoint[];
  readonly #covered: Covered;
  readonly #width: number;

  constructor(points: readonly NamedPoint[], covered: Covered) {
    this.#points = points;
    this.#covered = covered;
    this.#names = new Map(points.map(({ name, point }) => [keyOf(point), name]));
    this.#width = Math.min(Math.max(...points.map(({ name }) => name.length), 0), WIDEST);
  }

  /** Lines with what they are now. */
  present(json: boolean): string {
    const now = Date.now();
    const changes = this.#points.map(({ point: { unit, name, value, text, raw, changed } }) => {
      return { unit, name, value, text, raw, time: changed?.time ?? now, by: changed?.by ?? '' };
    });
    return this.#lines(changes, json).join('');
  }

  /** Lines for changes; also for those outside of points, if `all` are asked for. */
  changes({ points, ranges }: Change, json: boolean, all: boolean): string {
    const outside = all && !json ? ranges.flatMap((range) => this.#covered.outside(range)) : [];
    return [...this.#lines(points, json), ...outside.map(rangeLine)].join('');
  }

  #lines(changes: readonly PointChange[], json: boolean): string[] {
    return changes.flatMap((change) => {
      const name = this.#names.get(keyOf(change));
      if (name === undefined) return [];
      return json ? `${JSON.stringify(change)}\n` : this.#line(name, change);
    });
  }

  #line(name: string, { text, time, by }: PointChange): string {
    const source = by === '' ? '' : `  by ${by}`;
    return `${clock(time)}  ${shown(`${name.padEnd(this.#width)}  ${text}${source}`)}\n`;
  }
}

function keyOf({ unit, name }: Pick<PointChange, 'unit' | 'name'>): string {
  return `${unit}.${name}`;
}

function rangeLine({ unit, table, start, count, by }: Change['ranges'][number]): string {
  const end = count === 1 ? '' : `..${start + count - 1}`;
  return `${clock(Date.now())}  ${shown(`unit ${unit}, ${table} ${start}${end} changed  by ${by}`)}\n`;
}

/** Of the time zone of whoever looks. */
function clock(time: number): string {
  const date = new Date(time);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
