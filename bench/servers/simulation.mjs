// A device with points that move ten times a second: as many as its first argument says, of all kinds.
import { ModbusTcpServer, Unit } from 'busbar';
import { Simulator } from 'busbar-simulator';
import { announce } from './common.mjs';

const count = Number(process.argv[2]);
const every = '100ms';
const kinds = [
  { sine: { from: 60, to: 70, period: '5m' }, noise: 0.2 },
  { ramp: { from: 0, to: 1000, period: '60s' } },
  { triangle: { from: 0, to: 1000, period: '60s' } },
  { random: { from: 1400, to: 1500, every } },
  { walk: { from: 0, to: 1000, step: 20, every } },
  { count: { every, from: 0, to: 3000 } },
  { follow: { point: 'p1', lag: '10s' } },
  { formula: 'p0 * 2 + sin(time())' },
];
const types = [{ type: 'int16' }, { type: 'float32' }, { type: 'uint16', scale: 0.1 }, { type: 'int32' }];

/** The first point is a counter of tenths of a second. */
const points = { ticks: { at: 'input 0', type: 'uint32' } };
const simulate = { ticks: { count: { every } } };
for (let i = 0; i < count - 1; i++) {
  const table = i % 2 === 0 ? 'holding' : 'input';
  points[`p${i}`] = { at: `${table} ${2 + (i - (i % 2))}`, ...types[Math.floor(i / kinds.length) % types.length] };
  simulate[`p${i}`] = kinds[i % kinds.length];
}

const unit = new Unit({ id: 1, points });
const simulator = new Simulator().add(unit, { simulate });
const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
await server.listen();
if (process.argv[3] !== 'still') simulator.start();
announce(server);
