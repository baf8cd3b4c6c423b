import { formatPath } from 'busbar';
import type { FaultOptions } from 'busbar-simulator';
import type { Path } from '../ground/path.js';
import { didYouMean } from '../ground/suggest.js';
import type { Listener } from '../listeners/schema.js';
import { TABLES } from '../listeners/tables.js';
import { found } from './describe.js';
import { entries, valueAt } from './parts.js';
import type { Problem } from './problems.js';

/** The names that the faults of an unchecked config have. */
export function faultNames(config: unknown): string[] {
  const names = entries(config, 'faults').map((fault) => valueAt(fault, 'name'));
  return names.filter((name) => typeof name === 'string' && name !== '').map(String);
}

/** Faults with the name of another, and those of listeners that don't exist. */
export function faultProblems(config: unknown): Problem[] {
  const [faults, listeners] = [entries(config, 'faults'), entries(config, 'listen')];
  const names = faults.map((fault) => valueAt(fault, 'name'));
  return faults.flatMap((fault, i) => [
    ...repeatedName(names, i),
    ...(listeners.length === 0
      ? []
      : listenerProblem(valueAt(fault, 'listener'), listeners, ['faults', i, 'listener'])),
  ]);
}

function repeatedName(names: readonly unknown[], place: number): Problem[] {
  const name = names[place];
  const first = names.indexOf(name);
  if (typeof name !== 'string' || first === place) return [];
  const message = `${formatPath(['faults', first])} has the name "${name}" already`;
  return [{ path: ['faults', place, 'name'], message }];
}

/** What is wrong with the listener that a fault is for. */
export function listenerProblem(listener: unknown, listeners: readonly unknown[], path: Path): Problem[] {
  if (typeof listener === 'number' && listener > listeners.length) {
    return [{ path, message: `expected the place of a listener from 1 to ${listeners.length}, found ${listener}` }];
  }
  const names = listeners.map((each) => valueAt(each, 'name')).filter((name) => typeof name === 'string');
  if (typeof listener !== 'string' || listener === '' || names.includes(listener)) return [];
  const message = `expected the name of a listener, found ${found(listener)}, which none has${didYouMean(listener, names, '"')}`;
  return [{ path, message }];
}

/** Kinds that can do nothing on some listeners. */
const IDLE: readonly { key: keyof FaultOptions; idleOn: (listener: Listener) => boolean; why: string }[] = [
  { key: 'badChecksum', idleOn: hasTransactions, why: 'MBAP has no checksum' },
  {
    key: 'wrongTransaction',
    idleOn: (listener) => !hasTransactions(listener),
    why: 'RTU and ASCII have no transactions',
  },
  {
    key: 'refuse',
    idleOn: ({ type }) => type === 'serial' || type === 'udp',
    why: 'serial lines and UDP have no connections',
  },
];

/** Faults that can hit nothing, on their listeners or with their functions, or only requests to units that do not exist. */
export function faultWarnings(faults: readonly FaultOptions[], { listeners, units }: Hosts): Problem[] {
  return [
    ...idleKinds(faults, listeners),
    ...faults.flatMap((fault, i) => [
      ...idleFunctions(fault, ['faults', i]),
      ...absentUnits(fault, units, ['faults', i, 'unit']),
    ]),
  ];
}

/** What there is for faults. */
interface Hosts {
  readonly listeners: readonly Listener[];
  readonly units: readonly { readonly id: number }[];
}

function absentUnits({ unit: wanted }: FaultOptions, units: Hosts['units'], path: Path): Problem[] {
  const ids = typeof wanted === 'object' ? wanted : [wanted];
  return ids.flatMap((id, i) => {
    if (id === undefined || units.some((unit) => unit.id === id)) return [];
    const message = `no unit has the id ${id}; requests to it are hit all the same`;
    return [{ path: typeof wanted === 'object' ? [...path, i] : path, message }];
  });
}

/** Functions of a fault that do not use its table. */
function idleFunctions({ table, functions = [] }: FaultOptions, path: Path): Problem[] {
  const used = TABLES.find(({ key }) => key === table);
  if (used === undefined) return [];
  return functions.flatMap((code, k) => {
    if (used.functions.includes(code)) return [];
    return [{ path: [...path, 'functions', k], message: `hits nothing: function ${code} uses no ${used.label}` }];
  });
}

/** Kinds of faults that none of their listeners can have. */
function idleKinds(faults: readonly FaultOptions[], listeners: readonly Listener[]): Problem[] {
  return faults.flatMap((fault, i) => {
    const concerned = listeners.filter((listener, place) => isOf(fault, listener, place));
    return IDLE.flatMap(({ key, idleOn, why }) => {
      if (fault[key] === undefined || concerned.length === 0 || !concerned.every(idleOn)) return [];
      return [{ path: ['faults', i, key], message: `does nothing on ${whichListeners(fault)}: ${why}` }];
    });
  });
}

function isOf({ listener: wanted }: FaultOptions, { name }: Listener, place: number): boolean {
  return wanted === undefined || wanted === (typeof wanted === 'number' ? place + 1 : name);
}

function whichListeners({ listener }: FaultOptions): string {
  if (listener === undefined) return 'any listener';
  return typeof listener === 'number' ? `listener ${listener}` : `the listener "${listener}"`;
}

function hasTransactions({ type, framing }: Listener): boolean {
  return (framing ?? (type === 'serial' ? 'rtu' : 'mbap')) === 'mbap';
}
