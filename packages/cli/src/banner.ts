import type { Unit } from 'busbar';
import { formatEndpoint } from './endpoint.js';
import type { Logger } from './log.js';

export interface Listening {
  type: string;
  host: string;
  port: number;
}

interface TableFacts {
  key: 'coils' | 'discreteInputs' | 'holdingRegisters' | 'inputRegisters';
  label: string;
  /** First digit of the references that manuals use: 4 in 40001. */
  reference: string;
  /** mbpoll's -t. */
  mbpollType: string;
}

const TABLES: readonly TableFacts[] = [
  { key: 'coils', label: 'coils', reference: '0', mbpollType: '0' },
  { key: 'discreteInputs', label: 'discrete inputs', reference: '1', mbpollType: '1' },
  { key: 'inputRegisters', label: 'input registers', reference: '3', mbpollType: '3' },
  { key: 'holdingRegisters', label: 'holding registers', reference: '4', mbpollType: '4' },
];

interface Range {
  start: number;
  count: number;
}

/** What `busbar serve` says once it listens: where, what, and how to try it. */
export function banner(title: string, listening: readonly Listening[], units: readonly Unit[], log: Logger): string {
  return [
    log.bold(title),
    '',
    ...listening.map(({ type, host, port }) => `  ${type} ${formatEndpoint(host, port)}${warning(host)}`),
    ...units.flatMap((unit) => ['', ...describeUnit(unit, log)]),
    ...tryIt(listening[0], units, log),
    '',
    log.dim('Ctrl-C stops'),
  ].join('\n');
}

function warning(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '  (every address of this machine)' : '';
}

function describeUnit(unit: Unit, log: Logger): string[] {
  const name = unit.name === undefined ? '' : ` ${unit.name}`;
  const lines = [
    ...TABLES.flatMap(({ key, label, reference }) =>
      line(label, unit[key].ranges, (each) => rangeText(each, reference)),
    ),
    ...line('files', unit.files.numbers, String),
    ...line('FIFO queues', unit.fifos.pointers, String),
  ];
  return [`  ${log.bold(`unit ${unit.id}`)}${name}`, ...(lines.length === 0 ? ['    without data'] : lines)];
}

const SHOWN = 4;

function line<T>(label: string, items: readonly T[], describe: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const left = items.length - SHOWN;
  const shown = items.slice(0, SHOWN).map(describe).join(', ');
  return [`    ${label.padEnd(18)} ${shown}${left > 0 ? ` and ${left} more` : ''}`];
}

/** `0..2 (40001..40003)`: protocol addresses, then the references of manuals, with six digits where five don't do. */
function rangeText({ start, count }: Range, reference: string): string {
  const last = start + count - 1;
  const digits = last + 1 > 9999 ? 5 : 4;
  const [from, to] = [start, last].map((address) => `${reference}${String(address + 1).padStart(digits, '0')}`);
  return count === 1 ? `${start} (${from})` : `${start}..${last} (${from}..${to})`;
}

/** An mbpoll command that works with this very device; -0 makes mbpoll count from 0 as the protocol does. */
function tryIt(at: Listening | undefined, units: readonly Unit[], log: Logger): string[] {
  const target = units.flatMap((unit) => tablesToTry(unit))[0];
  if (at === undefined || target === undefined) return [];
  const { unit, table, range } = target;
  const options = `-m tcp -p ${at.port} -a ${unit.id} -0 -t ${table.mbpollType} -r ${range.start}`;
  const read = `mbpoll ${options} -c ${Math.min(range.count, 10)} -1 ${reachable(at.host)}`;
  return ['', log.dim('Try it from another terminal:'), `  ${read}`];
}

/** The tables that a unit has, holding registers first. */
function tablesToTry(unit: Unit) {
  return TABLES.toReversed().flatMap((table) => {
    const range = unit[table.key].ranges[0];
    return range === undefined ? [] : [{ unit, table, range }];
  });
}

/** Where a client on this machine reaches a listener. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
