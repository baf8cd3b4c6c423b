import { ModbusSerialServer, type SerialServerOptions } from 'busbar';
import { afterEach } from 'vitest';
import { rtuClient } from './line-client.js';
import { createCountingUnit, readRegister } from './served.js';

const made: ModbusSerialServer[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((server) => server.shutdown()));
});

/** A server that does not listen yet; it is shut down when the test has ended. */
export function createSerial(options: Partial<SerialServerOptions>): ModbusSerialServer {
  const server = new ModbusSerialServer({ units: [createCountingUnit()], ...options });
  server.on('error', () => {});
  made.push(server);
  return server;
}

/** A request to unit 1 for one holding register, as an RTU frame. */
export function rtuRead(address: number, unit = 1): Uint8Array {
  return rtuClient.encode({ unit, pdu: readRegister(address) });
}

/** The reply of a register that holds its own address. */
export function rtuReply(address: number, unit = 1): Uint8Array {
  return rtuClient.encode({ unit, pdu: Uint8Array.of(3, 2, address >> 8, address & 0xff) });
}
