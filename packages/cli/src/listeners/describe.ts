import { lineSettings } from 'busbar';
import { formatListener } from './place.js';
import type { Listener, RoleRule, SerialListener, TlsListener } from './schema.js';
import { describeRange } from './tables.js';

/** Describes a listener for people: its address, its special settings, and the rights of clients. */
export function describeListener(listener: Listener): string[] {
  const facts = [formatListener(listener), ...notes(listener)].join(', ');
  const warning = isEverywhere(listener) ? '  (every address of this machine)' : '';
  return [`${facts}${warning}`, ...(listener.type === 'tls' ? rights(listener) : [])];
}

function isEverywhere(listener: Listener): boolean {
  return 'host' in listener && (listener.host === '0.0.0.0' || listener.host === '::');
}

function notes(listener: Listener): string[] {
  if (listener.type === 'serial') return lineNotes(listener);
  const framing = listener.framing === undefined || listener.framing === 'mbap' ? [] : [framingName(listener.framing)];
  const open = listener.type === 'tls' && listener.requireClientCertificate === false;
  return [...framing, ...(open ? ['client certificates not required'] : [])];
}

function framingName(framing: 'rtu' | 'ascii'): string {
  return `${framing.toUpperCase()} framing`;
}

function lineNotes(listener: SerialListener): string[] {
  const { baudRate, dataBits, parity, stopBits } = lineSettings(listener);
  const character = `${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`;
  return [`${baudRate} baud`, character, framingName(listener.framing ?? 'rtu')];
}

function rights({ roles }: TlsListener): string[] {
  if (roles === undefined) return ['  every client that is let in may do everything'];
  if (roles.length === 0) return ['  no role may do anything'];
  return roles.map((rule) => `  ${rule.role === null ? 'no role' : `role ${rule.role}`}: ${what(rule)}`);
}

function what({ functions, units, ranges }: RoleRule): string {
  const parts = [
    functions && `functions ${functions.join(', ')}`,
    units && `units ${units.join(', ')}`,
    ranges?.map(({ table, start, count }) => describeRange(table, start, count)).join(', '),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'everything' : parts.join('; ');
}
