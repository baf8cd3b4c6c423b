import {
  type DescriptorEvents,
  type DiagnosticEvent,
  formatPath,
  ModbusSerialServer,
  type ModbusServer,
  ModbusTcpServer,
  ModbusTlsServer,
  ModbusUnixServer,
  OptionsError,
} from 'busbar';
import { causePlace } from '../ground/thrown.js';
import type { BoundServer } from '../listeners/server.js';
import { describeRange } from '../listeners/tables.js';
import { unitFacts, unitName } from '../listeners/unit-name.js';
import { clientName } from './facts.js';
import { describeLoss, describeWait, logLineCounters } from './lines.js';
import type { Logger } from './logger.js';

/** Logs connections, their ends and failures. @param code files of the user's code. */
export function logTraffic(servers: readonly BoundServer[], log: Logger, code: readonly string[] = []): void {
  for (const bound of servers) {
    const { server } = bound;
    // The one connection of a serial line is its port.
    if (server instanceof ModbusSerialServer) logPort(bound, server, log);
    else logConnections(bound, log);
    if (server instanceof ModbusTcpServer || server instanceof ModbusUnixServer) logDescriptors(bound, server, log);
    if (server instanceof ModbusTlsServer) {
      logDescriptors(bound, server, log);
      logSecurity(bound, server, log);
    }
    logDiagnostics(bound, log);
    logErrors(bound, log, code);
  }
}

function logConnections(bound: BoundServer, log: Logger): void {
  const { server } = bound;
  server.on('connect', ({ peer }) => {
    log.log('info', {
      event: 'connect',
      text: `${clientName(peer)} connected to ${bound.name}`,
      listener: bound.name,
      peer,
    });
  });
  server.on('disconnect', ({ peer, error }) => {
    const reason = error === undefined ? 'the client closed' : error.message;
    const text = `${clientName(peer)} disconnected: ${reason}`;
    log.log('info', { event: 'disconnect', text, listener: bound.name, peer, reason, ...codeOf(error) });
  });
}

function logDescriptors(bound: BoundServer, server: ModbusServer<unknown, DescriptorEvents>, log: Logger): void {
  server.on('descriptorsExhausted', ({ code }) => {
    const text =
      `${bound.name}: no file descriptor is free (${code}), so new connections are closed unanswered; ` +
      'raise the limit (ulimit -n, LimitNOFILE= of systemd) or lower limits.connections';
    log.log('error', { event: 'descriptorsExhausted', text, listener: bound.name, code });
  });
  server.on('descriptorsFreed', () => {
    const text = `${bound.name}: file descriptors are free again`;
    log.log('info', { event: 'descriptorsFreed', text, listener: bound.name });
  });
}

function logPort(bound: BoundServer, server: ModbusSerialServer, log: Logger): void {
  server.on('portLost', (loss) => {
    const { error, reopening } = loss;
    log.log('warn', {
      event: 'portLost',
      ...describeLoss(bound.name, loss),
      listener: bound.name,
      reopening,
      ...codeOf(error),
    });
  });
  server.on('portAwaited', ({ error }) => {
    log.log('warn', { event: 'portAwaited', ...describeWait(error), listener: bound.name });
  });
  server.on('portOpened', () => {
    log.log('info', { event: 'portOpened', text: `${bound.name} is open`, listener: bound.name });
  });
  server.on('close', () => {
    const { bytesSent, requests, replies, staleReplies } = server.counters;
    logLineCounters(bound.name, server.counters, log, { bytesSent, requests, replies, staleReplies });
  });
}

/** Logs what an audit needs: refused clients, denied requests and the certificates in use. */
function logSecurity(bound: BoundServer, server: ModbusTlsServer, log: Logger): void {
  server.on('refused', ({ peer, error }) => {
    const text = `${clientName(peer)} was refused by ${bound.name}: ${error.message}`;
    log.log('warn', { event: 'refused', text, listener: bound.name, peer, reason: error.message, code: error.code });
  });
  server.on('denied', ({ peer, role, unit, functionCode, subFunction, table, address, quantity }) => {
    const range = table === undefined ? '' : `, ${describeRange(table, address ?? 0, quantity)}`;
    const name = functionName(functionCode, subFunction);
    const text = `${clientName(peer)} was denied function ${name} on ${unitName(unit)}${range}`;
    const what = { ...unitFacts(unit), functionCode, subFunction, table, address, quantity };
    log.log('warn', { event: 'denied', text, listener: bound.name, peer, role, ...what });
  });
  server.on('certificateExpires', ({ kind, subject, source, expires, expired, message }) => {
    const what = { kind, subject, source, expires };
    const text = `${bound.name}: ${message}`;
    log.log(expired ? 'error' : 'warn', { event: 'certificateExpires', text, listener: bound.name, ...what });
  });
  server.on('certificatesReloaded', () => {
    log.log('info', {
      event: 'certificatesReloaded',
      text: `${bound.name} uses the certificates as they are in the files now`,
      listener: bound.name,
    });
  });
}

/** Logs uses of function 08 that other clients notice. A unit that falls silent is worth a warning. */
function logDiagnostics(bound: BoundServer, log: Logger): void {
  bound.server.on('diagnostic', (event) => {
    const { peer, unit, action, functionCode, subFunction, data } = event;
    log.log(action === 'listenOnly' ? 'warn' : 'info', {
      event: 'diagnostic',
      text: `${clientName(peer)} ${describeAction(event, bound.name)} (${functionName(functionCode, subFunction)})`,
      listener: bound.name,
      peer,
      ...unitFacts(unit),
      action,
      subFunction,
      data,
    });
  });
}

function describeAction({ action, unit, data }: DiagnosticEvent, listener: string): string {
  const where = `${unitName(unit)} on ${listener}`;
  switch (action) {
    case 'restart':
      return `restarted the communications of ${where}`;
    case 'changeDelimiter':
      return `changed the end of its frames on ${listener} to ${hexByte(data >> 8)}`;
    case 'listenOnly':
      return `put ${where} into listen-only mode: it answers nobody there until 08/01`;
    case 'clearCounters':
      return `cleared the counters of ${where}`;
    case 'clearOverruns':
      return `cleared the overrun counter of ${where}`;
  }
}

/** Sub-functions are written as in the Modbus documents, codes alone as in the config. */
function functionName(code: number, subFunction: number | undefined): string {
  return subFunction === undefined ? `${code}` : `${hexByte(code)}/${hexByte(subFunction)}`;
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

function logErrors(bound: BoundServer, log: Logger, code: readonly string[]): void {
  const { server } = bound;
  server.on('warning', (warning) => {
    log.log('warn', { event: 'warning', text: warning.message, listener: bound.name, ...codeOf(warning) });
  });
  server.on('error', (error) => {
    log.log('error', {
      event: 'error',
      text: `${bound.name}: ${faultText(error)}${causePlace(error, code)}`,
      listener: bound.name,
      ...codeOf(error),
    });
  });
}

/** Certificates are the only options that are read again while a server runs. */
function faultText(error: Error): string {
  if (!(error instanceof OptionsError)) return error.message;
  const problems = error.problems.map(({ path, problem }) => `${formatPath(path)}: ${problem}`);
  return [...problems, 'the certificates from before stay in use'].join('; ');
}

function codeOf(error: unknown): { code?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
}
