import type { Command } from 'commander';
import type { Range } from '../api/contract.js';
import { Failure } from '../ground/failure.js';
import { UsageError } from '../ground/usage-error.js';
import type { RemoteClient } from '../remote/client.js';
import type { NamedPoint } from '../remote/points.js';
import { type RangeWords, rangePath, rangeWords, wholeNumber } from '../remote/ranges.js';
import {
  addRemoteSettings,
  addTableSettings,
  clientOf,
  EXIT_CODES,
  JSON_OUT,
  printRange,
  refuseTableOptions,
  type TableOptions,
  tableOptions,
} from './remote.js';
import { addCommand } from './shared.js';

const DESCRIPTION =
  'Prints values of a device that busbar serve --http serves. Of one point it prints the value alone, for scripts; of ' +
  'several, or of all, a table.';

const NOTES = `
A point is named as in the config: flow, or boiler.flow if several units have
one. A table is coils, discrete, holding or input, behind its unit: the id or
the name. Addresses are those of the protocol, counted from 0.
${EXIT_CODES}

Examples:
  busbar get
  busbar get flow
  busbar get boiler.flow boiler.pump
  busbar get 1 holding 0 10
  busbar get 1 holding 0 5 --type float32 --order CDAB
  busbar get flow --json`;

/** `busbar get` */
export function addGet(program: Command): void {
  const command = addCommand(program, 'get', 'print values of a running device');
  command.usage('[POINT …] [options]\n       busbar get UNIT TABLE START [COUNT] [options]');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addTableSettings(command);
  addRemoteSettings(command);
  command.action(async () => {
    const options = getOptions(command);
    const client = await clientOf(command);
    process.exitCode =
      'range' in options ? await getRange(client, options) : await getPoints(client, options.points, options.json);
  });
}

/** Reads its words and options. @throws UsageError */
export function getOptions(command: Command) {
  const json = JSON_OUT.of(command);
  const range = rangeWords(command.args);
  if (range === undefined) {
    refuseTableOptions(command);
    return { points: command.args, json };
  }
  const [count, more] = range.rest;
  if (more !== undefined) throw new UsageError(`unexpected "${more}" behind the number of values`);
  const quantity = count === undefined ? 1 : wholeNumber(count, 'the number of values', 0x10000);
  return { range, count: quantity, ...tableOptions(command), json };
}

interface RangeOptions extends TableOptions {
  readonly range: RangeWords;
  readonly count: number;
  readonly json: boolean;
}

async function getRange(client: RemoteClient, { range, count, type, order, json }: RangeOptions): Promise<number> {
  return await printRange(await client.get<Range>(rangePath(range, { count: String(count), type, order })), json);
}

async function getPoints(client: RemoteClient, words: readonly string[], json: boolean): Promise<number> {
  const { allPoints, findPoints, printJson, printRows } = await import('../remote/remote.js');
  const points = words.length === 0 ? await allPoints(client) : await findPoints(client, words);
  const [first] = points;
  if (words.length === 1 && first !== undefined) return await printPoint(first, json);
  if (json) return await printJson(points.map(({ point }) => point));
  return await printRows(points.map(({ name, point }) => [name, point.text, point.place]));
}

async function printPoint({ name, point }: NamedPoint, json: boolean): Promise<number> {
  const { printJson, printLine, valueText } = await import('../remote/remote.js');
  if (json) return await printJson(point);
  if (point.value === null) throw new Failure(`memory holds no value of ${name}: ${point.text}`);
  return await printLine(valueText(point.value));
}
