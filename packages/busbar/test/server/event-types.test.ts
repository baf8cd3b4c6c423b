import {
  type DescriptorEvents,
  type Emitter,
  ModbusSerialServer,
  type ModbusServer,
  ModbusStreamServer,
  ModbusTcpServer,
  type ModbusTlsServer,
  ModbusUdpServer,
  ModbusUnixServer,
  type PortEvents,
  Unit,
} from 'busbar';
import { expect, test } from 'vitest';

// The point is what compiles: `tsc -b` reads this file, and an unused `@ts-expect-error` is an error.

const units = [new Unit({ id: 1 })];
const ignore = () => undefined;

test('each server offers the events that it has, and no others', () => {
  const tcp = new ModbusTcpServer({ units, port: 0 });
  tcp.on('descriptorsExhausted', ({ code }) => code.length).once('close', ignore);
  // @ts-expect-error
  tcp.on('portLost', ignore);
  // @ts-expect-error
  tcp.on('refused', ignore);
  const udp = new ModbusUdpServer({ units, port: 0 });
  udp.on('warning', ({ message }) => message);
  // @ts-expect-error
  udp.on('descriptorsFreed', ignore);
  const serial = new ModbusSerialServer({ units, path: '/dev/ttyS0' });
  serial.on('portLost', ({ path, reopening }) => [path, reopening]).off('portOpened', ignore);
  // @ts-expect-error
  serial.prependListener('certificatesReloaded', ignore);
  const unix = new ModbusUnixServer({ units, path: '/tmp/busbar' });
  unix.on('descriptorsFreed', ignore);
  const stream = new ModbusStreamServer({ units });
  // @ts-expect-error
  stream.on('portLost', ignore);

  const all: ModbusServer[] = [tcp, udp, serial, unix, stream];
  for (const server of all) server.on('error', ({ message }) => message);
  // @ts-expect-error
  all[0]?.on('portLost', ignore);
  expect(all.map((server) => server.listenerCount('error'))).toEqual([1, 1, 1, 1, 1]);
});

/** As programs write them, to take servers of several kinds. */
const watchDescriptors = (server: ModbusServer<unknown, DescriptorEvents>) => server.on('descriptorsFreed', ignore);
const watchPort = (emitter: Emitter<PortEvents>) => emitter.on('portOpened', ignore);

test('a function can ask for the events that it needs', () => {
  const tcp = new ModbusTcpServer({ units, port: 0 });
  watchDescriptors(tcp);
  // @ts-expect-error
  watchPort(tcp);
  const serial = new ModbusSerialServer({ units, path: '/dev/ttyS0' });
  watchPort(serial);
  // @ts-expect-error
  watchDescriptors(serial);
  // One over TLS has those of TCP, and more.
  const secure = (server: ModbusTlsServer) => watchDescriptors(server.on('refused', ({ error }) => error.code));
  expect(secure).toBeTypeOf('function');
  expect(serial.listenerCount('portOpened')).toBe(1);
});
