import { formatPlace, type TableName } from 'busbar';
import { describeRequest, formatAddresses } from 'busbar/protocol';
import type { Fault, FaultInjected, FaultSwitched, Faults } from 'busbar-simulator';
import { amount } from '../ground/amount.js';
import { clientName } from './facts.js';
import type { Logger } from './logger.js';

/**
 * Logs each fault that is on, from now on each that is switched, and each that hits.
 * @param listenerAt tells the name of a listener by its place, from 1.
 */
export function logFaults(faults: Faults, log: Logger, listenerAt: (index: number) => string | undefined): void {
  for (const fault of faults.list) if (fault.active) logSwitched({ fault, active: true, why: 'switched' }, log);
  faults.on('switched', (event) => logSwitched(event, log));
  faults.on('injected', (event) => logInjected(event, listenerAt(event.index ?? 0), log));
}

function logSwitched({ fault, active, why }: FaultSwitched, log: Logger): void {
  const text = active ? `the fault ${quoted(fault)} is on: ${describeFault(fault)}` : ended(fault, why);
  log.log('warn', { event: active ? 'faultOn' : 'faultOff', text, fault: fault.name, why, injected: fault.injected });
}

function ended(fault: Fault, why: FaultSwitched['why']): string {
  const hits = fault.injected === 0 ? 'it has hit nothing' : `it has hit ${amount(fault.injected, 'time')}`;
  return `the fault ${quoted(fault)} is off${REASONS[why]}; ${hits}`;
}

const REASONS = {
  switched: '',
  for: ', as its time is over',
  times: ', as it has hit often enough',
  removed: ', and gone from the config',
} as const satisfies Record<FaultSwitched['why'], string>;

function logInjected(injected: FaultInjected, listener: string | undefined, log: Logger): void {
  const { fault, peer, request, effects } = injected;
  const whom = [
    clientName(peer),
    ...(request === undefined ? [] : [`unit ${request.unitId}`, describeRequest(request.decoded)]),
  ];
  log.log('info', {
    event: 'fault',
    text: `fault ${quoted(fault)}: ${effects.join(', ')} (${whom.join(', ')})`,
    fault: fault.name,
    effects,
    ...(listener !== undefined && { listener }),
    peer,
    ...(request && { unitId: request.unitId, functionCode: request.decoded.functionCode }),
  });
}

function quoted({ name }: Fault): string {
  return `"${name}"`;
}

/** Lines on all faults, for the banner. */
export function faultLines(faults: readonly Fault[]): string[] {
  if (faults.length === 0) return [];
  const width = Math.max(...faults.map(({ name }) => name.length));
  const line = (fault: Fault) =>
    `  ${fault.name.padEnd(width)}  ${fault.active ? 'on ' : 'off'}  ${describeFault(fault)}`;
  return ['faults', ...faults.map(line)];
}

/** Its options in words: `delay 200ms..800ms, unit 2, probability 0.3, coil 3 (00004)`. */
function describeFault({ options }: Fault): string {
  const { name, active, table, start, count, ...others } = options;
  const range = table === undefined ? [] : [describeRange(table, start, count)];
  return [...Object.entries(others).map(describeOption), ...range].join(', ');
}

function describeRange(table: TableName, start?: number, count?: number): string {
  if (start === undefined || count === undefined) return `table ${table}`;
  return count === 1 ? formatPlace({ table, address: start }) : `${table} ${formatAddresses(table, start, count)}`;
}

function describeOption([key, value]: [string, unknown]): string {
  if (value === true) return key;
  const word = key === 'functions' && Array.isArray(value) && value.length === 1 ? 'function' : key;
  return `${word} ${describeValue(value)}`;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value).map(describeOption).join(' ');
}
