import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { LineProcess } from '../helpers/lines.js';
import { until } from '../helpers/until.js';
import { redisForTest, startSharer } from './sharer.js';

const LEASE = 1000;
const DEVICE = { id: 1, holdingRegisters: [{ start: 0, count: 4 }] };

test('a server that is halted while it leads, and goes on when another leads, changes nothing any more', async () => {
  const redis = await redisForTest();
  const file = fileURLToPath(new URL('leader.mjs', import.meta.url));
  const leader = new LineProcess(process.execPath, [file, String(redis.port), '0', String(LEASE)]);
  onTestFinished(async () => void (await leader.end('SIGKILL')));
  const printed: string[] = [];
  const line = async (wanted: string) => {
    while (!printed.includes(wanted)) printed.push(await leader.next());
  };
  await line('leads');
  const other = await startSharer(redis, { lease: LEASE }, DEVICE);
  expect(await leader.ask('7')).toBe('set 7');
  await until(() => other.unit.holdingRegisters.get(0) === 7);

  process.kill(leader.pid ?? 0, 'SIGSTOP');
  await until(() => other.image.leads(other.unit));
  other.unit.as('simulator', () => other.unit.holdingRegisters.set(0, 8));
  await other.image.settled();
  process.kill(leader.pid ?? 0, 'SIGCONT');
  printed.push(await leader.ask('9'));
  await line('refused {"part":"holdingRegisters","address":0,"quantity":1}');
  await line('follows');
  expect(other.unit.holdingRegisters.get(0)).toBe(8);

  process.kill(leader.pid ?? 0, 'SIGKILL');
  expect(await other.ask('fc:06 address:0001 value:0001')).toBe('0600010001');
});
