import type { Unit, WriteEvent } from 'busbar';
import type { BoundServer } from './device.js';
import { formatEndpoint } from './endpoint.js';
import type { Logger } from './log.js';

type Client = WriteEvent['client'];

/** Logs who comes and goes, and what fails. */
export function logTraffic(servers: readonly BoundServer[], log: Logger): void {
  for (const { name, server } of servers) {
    server.on('connect', ({ client }) => {
      log.log('info', { event: 'connect', text: `${clientName(client)} connected to ${name}`, listener: name, client });
    });
    server.on('disconnect', ({ client, error }) => {
      const reason = error === undefined ? 'the client closed' : error.message;
      const text = `${clientName(client)} disconnected: ${reason}`;
      log.log('info', { event: 'disconnect', text, listener: name, client, reason, ...codeOf(error) });
    });
    server.on('error', (error) => {
      log.log('error', { event: 'error', text: `${name}: ${error.message}`, listener: name, ...codeOf(error) });
    });
  }
}

/** Logs every write of a client. Costs time for each, so nothing listens unless it is logged. */
export function logWrites(units: readonly Unit[], log: Logger): void {
  if (!log.enabled('debug')) return;
  for (const unit of units) {
    unit.on('write', ({ table, address, values, previous, client }) => {
      const text = `${clientName(client)} wrote ${unitName(unit)} ${table} ${address}: ${some(previous)} -> ${some(values)}`;
      log.log('debug', { event: 'write', text, unit: unit.id, table, address, values, previous, client });
    });
    unit.on('fileWrite', ({ file, record, values, previous, client }) => {
      const text = `${clientName(client)} wrote ${unitName(unit)} file ${file} record ${record}: ${some(previous)} -> ${some(values)}`;
      log.log('debug', { event: 'fileWrite', text, unit: unit.id, file, record, values, previous, client });
    });
  }
}

function codeOf(error: unknown): { code?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
}

function clientName({ transport, address, port }: Client): string {
  return address === undefined || port === undefined ? `a ${transport} client` : formatEndpoint(address, port);
}

function unitName({ id, name }: Unit): string {
  return name === undefined ? `unit ${id}` : `unit ${id} (${name})`;
}

const SHOWN_VALUES = 8;

function some(values: readonly (number | boolean)[]): string {
  const shown = values.slice(0, SHOWN_VALUES).map(Number).join(' ');
  return values.length > SHOWN_VALUES ? `${shown} … (${values.length})` : shown;
}
