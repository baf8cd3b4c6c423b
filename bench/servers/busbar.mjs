// Busbar as its README shows it, with nothing tuned.
import { ModbusTcpServer, Unit } from 'busbar';
import { announce, registerValues } from './common.mjs';

const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: registerValues }] });
const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
await server.listen();
announce(server);
