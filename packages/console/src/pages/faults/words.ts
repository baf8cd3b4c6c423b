import { counted } from '../../format/numbers.js';
import { TABLES } from '../../state/tables.js';
import type { FaultOptions } from './draft.js';
import { EXCEPTIONS } from './exceptions.js';
import { KINDS } from './kinds.js';

// What a fault does and whom it hits, in words.

/** `Exception 6 server device busy, Late reply 200ms`. */
export function effectOf(fault: FaultOptions): string {
  const parts = KINDS.filter(({ key }) => key in fault).map(({ key, name }) => said(name, named(key, fault[key])));
  return parts.length === 0 ? 'No effect' : parts.join(', ');
}

/** `units 1, 2, function 3`. */
export function matchOf({ unit, functions, table, start, count, peer, listener, refuse }: FaultOptions): string {
  const parts = [
    said(isSeveral(unit) ? 'units' : 'unit', unit),
    said(isSeveral(functions) ? 'functions' : 'function', functions),
    table === undefined ? '' : tableName(table),
    start === undefined ? '' : addresses(Number(start), Number(count ?? 1)),
    said(isSeveral(peer) ? 'clients' : 'client', peer),
    said('listener', listener),
  ];
  const all = refuse === undefined ? 'all requests' : 'all connections';
  return parts.filter((part) => part !== '').join(', ') || all;
}

/** How often it hits, and how long it stays on: `30 % of them, for 10s`. */
export function conditionOf({ probability, every, times, for: time }: FaultOptions): string {
  const parts = [
    every === undefined ? '' : `one in ${every}`,
    probability === undefined ? '' : `${Number((Number(probability) * 100).toPrecision(6))} % of them, by chance`,
    times === undefined ? '' : `off after ${counted(Number(times), 'hit')}`,
    time === undefined ? '' : `off after ${time}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The number of an exception, with its name. */
function named(key: string, setting: unknown): unknown {
  const name = key === 'exception' ? EXCEPTIONS.get(Number(setting)) : undefined;
  return name === undefined ? setting : `${setting} ${name}`;
}

function addresses(start: number, count: number): string {
  return count === 1 ? `address ${start}` : `addresses ${start} to ${start + count - 1}`;
}

function tableName(table: unknown): string {
  return (
    Object.values(TABLES)
      .find((each) => each.table === table)
      ?.name.toLowerCase() ?? String(table)
  );
}

function isSeveral(setting: unknown): boolean {
  return Array.isArray(setting) && setting.length > 1;
}

function said(name: string, setting: unknown): string {
  if (setting === undefined) return '';
  if (setting === true || setting === '') return name;
  return `${name} ${Array.isArray(setting) ? setting.join(', ') : settingText(setting)}`;
}

function settingText(setting: unknown): string {
  if (typeof setting !== 'object' || setting === null) return String(setting);
  return Object.entries(setting)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
