import type { Fault } from '../../api/contract.js';

/** A kind of fault, as a form and a list have it. */
export interface Kind {
  /** Its key in the config. */
  readonly key: string;
  readonly name: string;
  /** What is to be written; undefined: it is only on or off. */
  readonly setting?: { readonly label: string; readonly example: string };
}

export const KINDS: readonly Kind[] = [
  { key: 'exception', name: 'Exception', setting: { label: 'Exception code', example: '6' } },
  { key: 'delay', name: 'Late reply', setting: { label: 'Delay', example: '200ms..800ms' } },
  { key: 'silence', name: 'No reply' },
  { key: 'close', name: 'Connection closed' },
  { key: 'refuse', name: 'New connections refused' },
  { key: 'truncate', name: 'Reply cut short', setting: { label: 'Missing bytes', example: '3' } },
  { key: 'extra', name: 'Extra bytes behind', setting: { label: 'Bytes, or how many', example: 'FF 00' } },
  { key: 'garbage', name: 'Rubbish ahead', setting: { label: 'Bytes, or how many', example: '5' } },
  { key: 'split', name: 'Reply in pieces', setting: { label: 'Bytes of a piece', example: '1' } },
  { key: 'duplicate', name: 'Reply twice' },
  { key: 'stale', name: 'Reply before this one' },
  { key: 'badChecksum', name: 'Bad checksum' },
  { key: 'wrongFunction', name: 'Wrong function code' },
  { key: 'wrongUnit', name: 'Wrong unit id' },
  { key: 'wrongTransaction', name: 'Wrong transaction id' },
];

/** What a fault does, in words: `Exception 6, late reply 200ms`. */
export function effectOf(fault: Fault): string {
  const parts = KINDS.filter(({ key }) => key in fault).map(({ key, name }) => said(name, fault[key]));
  return parts.length === 0 ? 'No effect' : parts.join(', ');
}

/** Which requests it hits, in words. */
export function matchOf({ unit, functions, table, start, count, peer, listener }: Fault): string {
  const parts = [
    said('unit', unit),
    said('functions', functions),
    said('table', table),
    start === undefined ? '' : `addresses ${start} to ${Number(start) + Number(count) - 1}`,
    said('clients', peer),
    said('listener', listener),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'all requests';
}

/** How often it hits, and how long it stays on, in words. */
export function conditionOf({ probability, every, times, for: time }: Fault): string {
  const parts = [
    probability === undefined ? '' : `${Number(probability) * 100} % of them`,
    every === undefined ? '' : `each ${every}th`,
    times === undefined ? '' : `${times} times`,
    said('for', time),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function said(name: string, setting: unknown): string {
  if (setting === undefined) return '';
  if (setting === true) return name;
  const text = Array.isArray(setting) ? setting.join(', ') : settingText(setting);
  return `${name} ${text}`;
}

function settingText(setting: unknown): string {
  return typeof setting === 'object' ? JSON.stringify(setting) : String(setting);
}
