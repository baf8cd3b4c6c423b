// Serves for ever on its main thread, until a thread of its own, which was given the server's handle, has it stop.
import { Worker } from 'node:worker_threads';
import { Unit } from 'busbar';
import { startTcpServerSync, stopServerSync } from 'busbar/sync';

const unit = new Unit({ id: 1, coils: [{ start: 0, count: 1 }] });
const server = startTcpServerSync({ units: [unit], port: 0, deferStart: true });
console.log(server.listen().address().port);

// It waits for coil 0, which a client sets: the program itself looks at nothing.
const stopper = `
  const { connect } = require('node:net');
  const { workerData } = require('node:worker_threads');

  const { handle, port, library } = workerData;
  const socket = connect({ port, host: '127.0.0.1' });
  const ask = () => socket.write(Buffer.from('000100000006010100000001', 'hex'));
  socket.on('connect', ask);
  socket.on('data', async (reply) => {
    if (reply.at(-1) !== 1) return setTimeout(ask, 1);
    const { stopServerSync } = await import(library);
    stopServerSync(handle);
    stopServerSync(handle);
    socket.destroy();
  });
`;
const { handle } = server;
const { port } = server.address();
const library = import.meta.resolve('busbar/sync');
new Worker(stopper, { eval: true, workerData: { handle, port, library } });
server.serveForever();
console.log(server.listening, server.address(), server.counters.connectionsAccepted > 1);
console.log(unit.coils.get(0));
stopServerSync(server);
