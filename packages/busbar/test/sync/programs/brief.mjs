// Starts and stops.
import { Unit } from 'busbar';
import { startTcpServerSync } from 'busbar/sync';

const server = startTcpServerSync({ units: [new Unit({ id: 1 })], port: 0 });
console.log(server.listening);
server.stop();
console.log(server.listening);
