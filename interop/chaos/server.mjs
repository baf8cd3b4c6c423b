// A server of an image on Redis, for tests that pause and kill it. Its one argument is JSON: `redis` (a URL), `sharing`
// (options of SharedImage), `registers` and `coils` (how many unit 1 has), `author` (see beats.ts), `mutant` (see
// mutants.mjs).
// It tells its parent its port once it listens, and then what becomes of the image.
import { ModbusTcpServer, Unit } from 'busbar';
import { SharedImage } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { mutants } from './mutants.mjs';

const { redis: url, sharing, registers, coils, author, mutant } = JSON.parse(process.argv[2]);
const redis = new Redis(url);
redis.on('error', () => undefined); // what it costs is told by `away`

const unit = new Unit({
  id: 1,
  holdingRegisters: [{ start: 0, count: registers }],
  inputRegisters: [{ start: 0, count: 2 }],
  coils: [{ start: 0, count: coils }],
});
const image = await SharedImage.join({ redis, image: 'chaos', ...sharing });
await image.share(unit);
const handler = mutant === undefined ? undefined : mutants[mutant](unit);
const server = await new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0, handler }).listen();

const tell = (event, facts = {}) => process.send?.({ event, state: image.state, ...facts });
image.on('away', ({ error }) => tell('away', { error: String(error) }));
image.on('back', ({ lostWrites }) => tell('back', { lostWrites }));
image.on('reloaded', ({ reason }) => tell('reloaded', { reason }));
tell('listening', { port: server.address().port });
setInterval(() => {
  const { inputRegisters } = unit;
  if (image.leads(unit)) unit.as('simulator', () => inputRegisters.set(0, [inputRegisters.get(0) + 1, author]));
}, 10);
process.on('disconnect', () => process.exit()); // the test is gone
