// A PLC-style scan loop in plain synchronous code: every 10 ms it reads the inputs, computes, and writes the outputs.
// Meanwhile, the server's own thread answers clients.
//
//   node examples/scan-loop.mjs            runs until it is interrupted
//   node examples/scan-loop.mjs 500        stops after 500 scans
import { Unit } from 'busbar';
import { startTcpServerSync } from 'busbar/sync';

const SCAN_MS = 10;
const scans = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);

const tank = new Unit({
  id: 1,
  name: 'tank',
  coils: [{ start: 0, count: 1 }], // 0: valve, which clients open and close
  discreteInputs: [{ start: 0, count: 1 }], // 0: high level alarm
  holdingRegisters: [{ start: 0, count: 2 }], // 0-1: set point of the level, 32-bit float
  inputRegisters: [{ start: 0, count: 4 }], // 0-1: level, 32-bit float; 2-3: scans so far
});
tank.holdingRegisters.setFloat32(0, 50);

const server = startTcpServerSync({ units: [tank], port: 5020 });
console.log(`serving on port ${server.address().port}`);

/** Blocks the thread until it is time for the next scan. */
const clock = new Int32Array(new SharedArrayBuffer(4));
const sleepUntil = (time) => Atomics.wait(clock, 0, 0, Math.max(0, time - performance.now()));

let level = 20;
let next = performance.now();
for (let scan = 1; scan <= scans; scan++) {
  // Read the inputs and the values that clients have set.
  const open = tank.coils.get(0);
  const target = tank.holdingRegisters.getFloat32(0);
  for (const { table, address, values } of server.takeWrites().events) console.log(`${table} ${address}: ${values}`);

  // Compute.
  if (open) level += (target - level) * 0.1;

  // Write the outputs.
  tank.inputRegisters.setFloat32(0, level);
  tank.inputRegisters.setUint32(2, scan);
  tank.discreteInputs.set(0, level > 80);

  next += SCAN_MS;
  sleepUntil(next);
}

server.stop();
console.log(`stopped after ${scans} scans`);
