import modbusSerial from 'modbus-serial';
import { announce, registerValues } from './common.mjs';

const vector = {
  // The range form, answered synchronously: the fastest that it offers.
  getMultipleHoldingRegisters: (/** @type {number} */ address, /** @type {number} */ length) =>
    registerValues.slice(address, address + length),
  setRegisterArray: (/** @type {number} */ address, /** @type {number[]} */ values) => {
    registerValues.splice(address, values.length, ...values);
  },
};
const options = { host: '127.0.0.1', unitID: 1 };
// It takes the number 0 for "not given", so 502; the string gets through to the system, which chooses a free port.
Reflect.set(options, 'port', '0');
const server = new modbusSerial.ServerTCP(vector, options);
server.on('socketError', () => {});
server.on('initialized', () => announce(Reflect.get(server, '_server')));
