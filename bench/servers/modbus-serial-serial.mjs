// modbus-serial's server on a serial line: node modbus-serial-serial.mjs PATH
import modbusSerial from 'modbus-serial';
import { registerValues } from './common.mjs';

const vector = {
  getMultipleHoldingRegisters: (/** @type {number} */ address, /** @type {number} */ length) =>
    registerValues.slice(address, address + length),
};
const options = { path: process.argv[2], baudRate: 115_200, parity: 'even', unitID: 1 };
const server = new modbusSerial.ServerSerial(vector, options);
server.on('error', () => {});
server.on('socketError', () => {});
server.on('initialized', () => process.stdout.write('listening\n'));
