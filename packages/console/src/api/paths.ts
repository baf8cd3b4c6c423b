import type { TableWord, UnitKey } from './contract.js';

// The paths of the API that the console uses.

export function unitPath(unit: UnitKey): string {
  return `/units/${encodeURIComponent(unit)}`;
}

export function pointsPath(unit: UnitKey): string {
  return `${unitPath(unit)}/points`;
}

export function pointPath(unit: UnitKey, name: string): string {
  return `${pointsPath(unit)}/${encodeURIComponent(name)}`;
}

export function rangePath(unit: UnitKey, table: TableWord, query: Record<string, string | number>): string {
  const entries = Object.entries(query).map(([key, value]) => [key, String(value)]);
  return `${unitPath(unit)}/${table}?${new URLSearchParams(entries)}`;
}

export function faultPath(name: string): string {
  return `/faults/${encodeURIComponent(name)}`;
}

export function clientPath(id: string): string {
  return `/clients/${encodeURIComponent(id)}`;
}
