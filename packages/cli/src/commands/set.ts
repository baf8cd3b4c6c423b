import type { Command } from 'commander';
import type { Point, Range, Value } from '../api/contract.js';
import { UsageError } from '../ground/usage-error.js';
import type { RemoteClient } from '../remote/client.js';
import { isOfBits, type RangeWords, rangePath, rangeWords } from '../remote/ranges.js';
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
  'Writes a point, or values of a table, of a device that busbar serve --http serves. Types and limits hold as for ' +
  'clients; only what is read-only for them can be written, too.';

const NOTES = `
A value is written as busbar get prints it: a number in the point's own unit, on
or off, a label, a text, labels of bits with commas between them ("" for none).
${EXIT_CODES}

Examples:
  busbar set setpoint 60
  busbar set boiler.mode auto
  busbar set pump off
  busbar set alarms "overheated,no flow"
  busbar set 1 holding 0 100 200 300
  busbar set 1 holding 20 -1.5 --type float32`;

/** `busbar set` */
export function addSet(program: Command): void {
  const command = addCommand(program, 'set', 'write values of a running device');
  command.usage('POINT VALUE [options]\n       busbar set UNIT TABLE START VALUE … [options]');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addTableSettings(command);
  addRemoteSettings(command);
  command.action(async () => {
    const options = setOptions(command);
    const client = await clientOf(command);
    process.exitCode = 'range' in options ? await setRange(client, options) : await setPoint(client, options);
  });
}

/** Reads its words and options. @throws UsageError */
export function setOptions(command: Command) {
  const json = JSON_OUT.of(command);
  const range = rangeWords(command.args);
  if (range !== undefined) {
    if (range.rest.length === 0) throw new UsageError('a value is missing behind the address');
    return { range, ...tableOptions(command), json };
  }
  refuseTableOptions(command);
  const [point, value, more] = command.args;
  if (point === undefined || value === undefined) {
    throw new UsageError('set needs a point and its value, such as busbar set setpoint 60');
  }
  if (more !== undefined) throw new UsageError(`unexpected "${more}": a value with spaces stands in quotes`);
  return { point, value, json };
}

interface PointOptions {
  readonly point: string;
  readonly value: string;
  readonly json: boolean;
}

async function setPoint(client: RemoteClient, options: PointOptions): Promise<number> {
  const { findPoints, parseValue, pointPath, printJson, printLine } = await import('../remote/remote.js');
  const [{ name, point }] = await findPoints(client, [options.point]);
  const answer = await client.send<Point>('PUT', pointPath(point), { value: parseValue(options.value, point) });
  return options.json ? await printJson(answer) : await printLine(`${name} ${answer.text}`);
}

interface RangeOptions extends TableOptions {
  readonly range: RangeWords;
  readonly json: boolean;
}

async function setRange(client: RemoteClient, { range, type, order, json }: RangeOptions): Promise<number> {
  const values = await valuesOf(range);
  return await printRange(await client.send<Range>('PUT', rangePath(range, { type, order }), { values }), json);
}

async function valuesOf({ table, rest }: RangeWords): Promise<Value[]> {
  const { parseNumber, parseSwitch } = await import('../remote/remote.js');
  return rest.map((text) => (isOfBits(table) ? parseSwitch(text, table) : parseNumber(text, table)));
}
