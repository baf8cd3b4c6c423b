// Modbus on a Unix domain socket, for programs on the same machine. The permissions of the folder decide who may
// connect.
//
//   node examples/unix-socket.mjs
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModbusUnixServer, Unit } from 'busbar';

const boiler = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] });

const folder = await mkdtemp(join(tmpdir(), 'busbar-')); // only its owner may enter it
const server = new ModbusUnixServer({ units: [boiler], path: join(folder, 'boiler.sock') });
server.on('error', (error) => console.error(error.message));
await server.listen();
console.log('serving on boiler.sock');

// From here on, this is the client: normally another program.
const client = connect(server.address());
client.write(Buffer.from('000100000006' + '01' + '0300000003', 'hex')); // MBAP header, unit, PDU: read three registers
const [reply] = await once(client, 'data');
console.log(`registers: ${[9, 11, 13].map((at) => reply.readUInt16BE(at)).join(', ')}`);
client.end();

await server.close();
await rm(folder, { recursive: true });
