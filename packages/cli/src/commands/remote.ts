import type { Command } from 'commander';
import type { Range } from '../api/contract.js';
import { choice, switchSetting, textSetting, valueSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import type { RemoteClient } from '../remote/client.js';
import { addSettings } from './shared.js';

// What the commands share that use the HTTP API of a running device.

const URL = textSetting('--url URL', 'where it is (http://127.0.0.1:8502, or BUSBAR_URL of the environment)');
const TOKEN = textSetting(
  '--token TOKEN',
  'http.token of its config, if that has one. Better in the environment, as BUSBAR_TOKEN: others see command lines',
);
export const JSON_OUT = switchSetting('--json', 'print JSON, as the HTTP API has it');

const TYPES = ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] as const;
const ORDERS = ['ABCD', 'BADC', 'CDAB', 'DCBA'] as const;

const TYPE = valueSetting(
  '--type TYPE',
  `type of the numbers in registers of a table: ${TYPES.join(', ')} (uint16)`,
  (text, flag) => choice(flag, text, TYPES),
  undefined,
);
const ORDER = valueSetting(
  '--order ORDER',
  `order of their bytes: ${ORDERS.join(', ')} (ABCD)`,
  (text, flag) => choice(flag, text, ORDERS),
  undefined,
);

const DEFAULT_URL = 'http://127.0.0.1:8502';

export const EXIT_CODES = `
Exit codes: 0 done, 1 failed (such as a value that the device refuses), 2 wrong
usage.`;

/** To be added behind the command's own. */
export function addRemoteSettings(command: Command): void {
  addSettings(command, [JSON_OUT]);
  addSettings(command, [URL, TOKEN], 'The device:');
}

/** The client is imported for those who ask. */
export async function clientOf(command: Command): Promise<RemoteClient> {
  const { BUSBAR_URL, BUSBAR_TOKEN } = process.env;
  const url = URL.of(command) ?? (BUSBAR_URL || DEFAULT_URL);
  const token = TOKEN.of(command) ?? (BUSBAR_TOKEN || undefined);
  const { RemoteClient } = await import('../remote/remote.js');
  return new RemoteClient({ url, token });
}

/** Options of those that read and write tables. */
export function addTableSettings(command: Command): void {
  addSettings(command, [TYPE, ORDER]);
}

export function tableOptions(command: Command) {
  return { type: TYPE.of(command), order: ORDER.of(command) };
}

export type TableOptions = ReturnType<typeof tableOptions>;

/** @throws UsageError if there are options of tables for a point. */
export function refuseTableOptions(command: Command): void {
  const given = [TYPE, ORDER].find((setting) => setting.isGiven(command));
  if (given === undefined) return;
  throw new UsageError(
    `${given.flag} is for tables, such as busbar ${command.name()} 1 holding 0; a point has its type`,
  );
}

/** Prints values of a table. @returns the exit code. */
export async function printRange(range: Range, json: boolean): Promise<number> {
  const { printJson, printRows } = await import('../remote/remote.js');
  if (json) return await printJson(range);
  const { rangeRows } = await import('../remote/range-rows.js');
  return await printRows(rangeRows(range));
}
