import type { Command } from 'commander';
import type { Wait, Waited } from '../api/contract.js';
import { switchSetting, textSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import type { RemoteClient } from '../remote/client.js';
import { isOfBits, type RangeWords, rangeWords, TABLE_NAMES, wholeNumber } from '../remote/ranges.js';
import type { Written } from '../remote/values.js';
import { addRemoteSettings, addTableSettings, clientOf, JSON_OUT, refuseTableOptions, tableOptions } from './remote.js';
import { addCommand, addSettings } from './shared.js';

const EQUALS = textSetting('--equals VALUE', 'until it has this value, written as busbar get prints it');
const ABOVE = textSetting('--above N', 'until it is greater');
const BELOW = textSetting('--below N', 'until it is less');
const WRITTEN = switchSetting('--written', 'until a client writes it, even if it stays the same');
const CHANGES = switchSetting('--changes', 'until it is another than now, whoever changes it');
const TIMEOUT = textSetting('--timeout TIME', 'how long to wait, such as 500ms or 2m; 5m at most (5s)');
const UNTIL = [EQUALS, ABOVE, BELOW, WRITTEN, CHANGES];

const DESCRIPTION =
  'Waits for a value of a device that busbar serve --http serves, and prints it: for scripts and test pipelines, in ' +
  'place of asking again and again. A value that is there already is not waited for.';

const NOTES = `
A device that is away, as it starts now or starts again, is waited for, too.

Exit codes: 0 it has happened, 1 it has not, or the device cannot be asked, 2
wrong usage.

Examples:
  busbar wait setpoint --equals 40 --timeout 5s
  busbar wait boiler.flow --above 80 --timeout 2m
  busbar wait setpoint --written && echo "The controller is there."
  busbar wait 1 holding 10 2 --equals 17,18`;

/** What the device waits at most, in milliseconds: longer times it refuses. */
const LONGEST = 300_000;
/** Milliseconds that it has for an answer, beside the time that it is to wait. */
const PATIENCE = 5000;

/** `busbar wait` */
export function addWait(program: Command): void {
  const command = addCommand(program, 'wait', 'wait for a value of a running device');
  command.usage('POINT [options]\n       busbar wait UNIT TABLE START [COUNT] [options]');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [...UNTIL, TIMEOUT]);
  addTableSettings(command);
  addRemoteSettings(command);
  command.action(async () => {
    const options = waitOptions(command);
    process.exitCode = await wait(await clientOf(command), options);
  });
}

/** Reads its words and options. @throws UsageError */
export function waitOptions(command: Command) {
  return { ...placeOf(command), until: untilOf(command), timeout: TIMEOUT.of(command), json: JSON_OUT.of(command) };
}

function placeOf(command: Command) {
  const range = rangeWords(command.args);
  if (range === undefined) return { point: pointWord(command) };
  const [count, more] = range.rest;
  if (more !== undefined) throw new UsageError(`unexpected "${more}" behind the number of values`);
  const quantity = count === undefined ? 1 : wholeNumber(count, 'the number of values', 1000);
  return { range, count: quantity, ...tableOptions(command) };
}

function pointWord(command: Command): string {
  refuseTableOptions(command);
  const [point, more] = command.args;
  if (point === undefined) throw new UsageError('wait needs a point, such as busbar wait setpoint --equals 40');
  if (more !== undefined) throw new UsageError(`unexpected "${more}": wait waits for one point`);
  return point;
}

/** Exactly one of the options that say what for. */
function untilOf(command: Command) {
  const given = UNTIL.filter((setting) => setting.isGiven(command));
  if (given.length !== 1) {
    const flags = UNTIL.map(({ flag }) => flag).join(', ');
    throw new UsageError(`wait needs exactly one of ${flags}; ${given.length === 0 ? 'none is' : 'several are'} given`);
  }
  const [equals, above, below] = [EQUALS, ABOVE, BELOW].map((setting) => setting.of(command));
  return { equals, above, below, written: WRITTEN.of(command), changes: CHANGES.of(command) };
}

type Options = ReturnType<typeof waitOptions>;
type Target = Omit<Wait, 'until' | 'timeout'>;

async function wait(client: RemoteClient, options: Options): Promise<number> {
  const { printJson, printLine, untilThere, valueText } = await import('../remote/remote.js');
  const start = performance.now();
  const timeLeft = async () => (await milliseconds(options.timeout)) - (performance.now() - start);
  let wasAway = false;
  const ask = async () => {
    const left = Math.max(0, Math.ceil(await timeLeft()));
    const patient = client.withPatience(Math.min(left, LONGEST) + PATIENCE);
    return asked(patient, options, wasAway ? `${left}ms` : options.timeout);
  };
  const waited = await untilThere(ask, timeLeft, () => {
    wasAway = true;
    process.stderr.write(`busbar: ${client.origin} cannot be reached: it is waited for\n`);
  });
  if (options.json) return await printJson(waited);
  return await printLine(waited.value === null ? (waited.text ?? '') : valueText(waited.value));
}

/** @throws UsageError */
async function milliseconds(timeout = '5s'): Promise<number> {
  const { parseDuration } = await import('busbar-simulator');
  try {
    return parseDuration(timeout);
  } catch (error) {
    throw new UsageError(`${TIMEOUT.flag}: ${error instanceof Error ? error.message : error}`);
  }
}

async function asked(client: RemoteClient, options: Options, timeout: string | undefined): Promise<Waited> {
  const { target, parse } = 'range' in options ? await rangeTarget(options) : await pointTarget(client, options.point);
  const body = { ...target, until: await wanted(options.until, parse), timeout };
  return await client.send<Waited>('POST', 'wait', body);
}

async function wanted({ equals, above, below, written }: Options['until'], parse: (text: string) => Written) {
  const { parseNumber } = await import('../remote/remote.js');
  if (equals !== undefined) return { equals: parse(equals) };
  if (above !== undefined) return { above: parseNumber(above, ABOVE.flag) };
  if (below !== undefined) return { below: parseNumber(below, BELOW.flag) };
  return written ? { written } : { changes: true };
}

async function pointTarget(client: RemoteClient, word: string) {
  const { findPoints, parseValue } = await import('../remote/remote.js');
  const [{ point }] = await findPoints(client, [word]);
  const target: Target = { unit: point.unit, point: point.name };
  return { target, parse: (text: string) => parseValue(text, point) };
}

interface RangeOptions extends Pick<Target, 'type' | 'order'> {
  readonly range: RangeWords;
  readonly count: number;
}

async function rangeTarget({ range, count, type, order }: RangeOptions) {
  const { parseNumber, parseSwitch } = await import('../remote/remote.js');
  const { unit, table, start } = range;
  const target: Target = { unit, table: TABLE_NAMES[table], start, count, type, order };
  const parse = (text: string) => {
    const parts = text.split(',');
    return isOfBits(table)
      ? parts.map((part) => parseSwitch(part.trim(), EQUALS.flag))
      : parts.map((part) => parseNumber(part, EQUALS.flag));
  };
  return { target, parse };
}
