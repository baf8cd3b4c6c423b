// What a synchronous program does, by the name in its first argument. It prints the port first, and what came of it
// last.
import { Unit } from 'busbar';
import { startTcpServerSync, stopServerSync } from 'busbar/sync';

const COUNT = 123;
const unit = new Unit({ id: 1, coils: [{ start: 0, count: 8 }], holdingRegisters: [{ start: 0, count: COUNT }] });
const server = startTcpServerSync({ units: [unit], port: 0 });
console.log(server.address().port);

const untilTold = (step) => {
  while (!unit.coils.get(0)) step();
};
const isMixed = (values) => values.some((value) => value !== values[0]);

const tasks = {
  /** Computes until a client says that it is done, and 3 s at least. */
  busy() {
    const end = performance.now() + 3000;
    let steps = 0;
    untilTold(() => steps++);
    while (performance.now() < end) steps++;
    stopServerSync();
    return steps > 0;
  },
  /** Writes all registers, the same value to each, in a tight loop. */
  toggle() {
    let value = 0;
    untilTold(() => {
      value = value === 0 ? 0xffff : 0;
      unit.holdingRegisters.set(0, new Array(COUNT).fill(value));
    });
    server.stop();
    return true;
  },
  /** Counts the reads that find registers of two writes, of at least as many as the argument says. */
  watch() {
    let mixed = 0;
    untilTold(() => {
      if (isMixed(unit.holdingRegisters.getRange(0, COUNT))) mixed++;
    });
    server.stop();
    return mixed;
  },
  /** Sets its bits of a register while a client sets the others. */
  bits() {
    let lost = 0;
    for (let i = 0; !unit.coils.get(0); i++) {
      const value = i % 2 === 0;
      unit.holdingRegisters.setBit(0, 15, value);
      if (unit.holdingRegisters.getBit(0, 15) !== value) lost++;
    }
    server.stop();
    return lost;
  },
  wait() {
    const { table, address, values } = server.waitForWrite();
    server.stop();
    return { table, address, values };
  },
  /** Goes on with nothing to do. */
  idle() {},
  exit() {
    server.waitForWrite();
    process.exit(5);
  },
  throw() {
    server.waitForWrite();
    throw new Error('on purpose');
  },
};

const result = tasks[process.argv[2]]();
if (result !== undefined) console.log(JSON.stringify(result));
