// Busbar on a serial line, with nothing tuned: node busbar-serial.mjs PATH
import { ModbusSerialServer, Unit } from 'busbar';
import { registerValues } from './common.mjs';

const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: registerValues }] });
const server = new ModbusSerialServer({ units: [unit], path: process.argv[2], baudRate: 115_200 });
await server.listen();
process.stdout.write('listening\n');
