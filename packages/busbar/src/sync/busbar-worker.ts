import type { AddressInfo } from 'node:net';
import { BroadcastChannel, isMainThread, workerData } from 'node:worker_threads';
import { device } from '../data/device.js';
import { joinUnit, updateCopies } from '../data/shared-unit.js';
import type { Unit } from '../data/unit.js';
import { BusbarError, OptionsError, StateError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { ModbusServer } from '../server/server.js';
import type { ModbusSerialServer } from '../servers/serial.js';
import type { DescriptorEvents } from '../servers/tcp.js';
import type { ModbusTlsServer } from '../servers/tls.js';
import { type Call, type Request, type ServerStart, type ThreadStart, Word } from './messages.js';
import { Outbox } from './outbox.js';
import { loadModule, type ServerModule } from './server-module.js';

// The server's thread: one server over the memory of the program's units.

if (isMainThread)
  throw new StateError('NOT_IN_THREAD', 'busbar/sync/worker runs only in a thread that busbar/sync starts');

const start: ThreadStart = workerData;
const outbox = new Outbox(start.port, start.words);
const units = new Map<number, Unit>();
const numbers = new WeakMap<Peer, number>();
let lastNumber = 0;
let stopping = false;

/** Stop requests of other threads come here. Listening there keeps no thread alive. */
const stopsByOthers = new BroadcastChannel(start.channel).unref();

Atomics.store(start.words, Word.begun, 1);

process.on('uncaughtExceptionMonitor', (error) => outbox.crash(error));
process.once('exit', exited);
outbox.answer(0, open, (server) => server.address()).then(serve, end);

async function open(): Promise<ModbusServer> {
  const module = await loadModule(start.module);
  joinUnits(module);
  const server = await createServer(start.server, [...units.values()], module);
  server.on('error', (error) => outbox.error(error));
  server.on('warning', (warning) => outbox.error(warning));
  await module.setUp?.(server);
  await server.listen();
  return server;
}

function joinUnits({ units: handlers = {} }: ServerModule): void {
  for (const id of Object.keys(handlers)) {
    if (start.units.every((unit) => String(unit.id) !== id))
      throw new OptionsError(['module', 'units', id], 'the program serves no unit with this id');
  }
  for (const shared of start.units) {
    const unit = joinUnit(shared, handlers[shared.id] ?? {}, ['module', 'units', shared.id]);
    unit.on('change', (event) => outbox.change(event));
    unit.on('write', (event) => outbox.write(event));
    unit.on('fileWrite', (event) => outbox.fileWrite(event));
    units.set(unit.id, unit);
  }
}

/** Each transport is loaded when it is needed. */
async function createServer(
  { transport, options }: ServerStart,
  units: readonly Unit[],
  { customFunctions, handler, framing, authorize }: ServerModule,
): Promise<ModbusServer> {
  if (authorize !== undefined && transport !== 'tls') {
    throw new OptionsError(['module', 'authorize'], 'only a TLS server knows who its clients are');
  }
  const own = { units, customFunctions, handler, ...(framing && { framing }) };
  switch (transport) {
    case 'tcp':
      return withTcpErrors(new (await import('../servers/tcp.js')).ModbusTcpServer({ ...options, ...own }));
    case 'tls':
      return withTlsErrors(new (await import('../servers/tls.js')).ModbusTlsServer({ ...options, ...own, authorize }));
    case 'udp':
      return new (await import('../servers/udp.js')).ModbusUdpServer({ ...options, ...own });
    case 'serial':
      return withPortErrors(new (await import('../servers/serial.js')).ModbusSerialServer({ ...options, ...own }));
  }
}

function withTcpErrors<S extends ModbusServer<AddressInfo, DescriptorEvents>>(server: S): S {
  return server.on('descriptorsExhausted', ({ code }) =>
    outbox.error(new BusbarError(code, `no file descriptor is free (${code})`)),
  );
}

function withTlsErrors(server: ModbusTlsServer): ModbusTlsServer {
  server.on('certificateExpires', ({ message }) => outbox.error(new BusbarError('CERTIFICATE_EXPIRES', message)));
  server.on('refused', ({ error }) => outbox.error(error));
  return withTcpErrors(server);
}

function withPortErrors(server: ModbusSerialServer): ModbusSerialServer {
  server.on('portAwaited', ({ error }) => outbox.error(error));
  server.on('portLost', ({ path, error }) => outbox.error(error ?? new Error(`the port ${path} was lost`)));
  return server;
}

function serve(server: ModbusServer): void {
  // A server can end by itself, on a serial port that is not reopened, or if the module closes it.
  server.once('close', () => {
    if (stopping) return;
    outbox.last({ ...server.counters });
    end();
  });
  stopsByOthers.onmessage = () => void server.close();
  start.port.on('message', ({ id, request }: Call) => void outbox.answer(id, () => carryOut(server, request)));
}

async function carryOut(server: ModbusServer, request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'ping':
      return undefined;
    case 'peers':
      return server.peers().map((peer) => ({ number: numberOf(peer), peer }));
    case 'disconnect':
      return server.disconnect((peer) => request.peers.includes(numberOf(peer)), request.reason);
    case 'counters':
      return { ...server.counters };
    case 'listenOnly':
      return server.listenOnly.map(({ id }) => id);
    case 'endListenOnly':
      server.endListenOnly(request.unit === undefined ? undefined : units.get(request.unit));
      return undefined;
    case 'unitCounters':
      return units.get(request.unit)?.counters;
    case 'update': {
      const unit = units.get(request.unit);
      if (unit !== undefined) updateCopies(unit, request.copies);
      return undefined;
    }
    case 'stop':
      stopping = true;
      await server.close();
      return { ...server.counters };
  }
}

/** Always returns the same number for a peer. */
function numberOf(peer: Peer): number {
  const number = numbers.get(peer) ?? ++lastNumber;
  numbers.set(peer, number);
  return number;
}

/** Code of the module may also exit within a request. */
function exited(code: number): void {
  for (const unit of units.values()) unit[device].changes.guard?.abandon();
  if (code !== 0) outbox.crash(new Error(`its thread exited with code ${code}`));
  outbox.end();
}

function end(): void {
  outbox.end();
  start.port.close();
  stopsByOthers.close();
}
