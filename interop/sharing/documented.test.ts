import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { onFreePort, programsOf, readDocument } from '../helpers/document.js';
import { run } from '../helpers/process.js';
import { until } from '../helpers/until.js';
import { lookInto, redisForTest, startSharer } from './sharer.js';

const DOCUMENT = 'docs/sharing.md';

describe('docs/sharing.md', () => {
  test.each(programsOf(DOCUMENT))('has a program that does what it says: $name', async (program) => {
    const redis = await redisForTest();
    const source = program.source.replace('127.0.0.1:6379', `127.0.0.1:${redis.port}`);
    expect(source).not.toBe(program.source);
    const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '-'], {
      input: onFreePort(source),
    });
    expect({ code, printed: stdout.split('\n').slice(0, -1), stderr }).toEqual({
      code: 0,
      printed: program.output,
      stderr: '',
    });
    expect((await lookInto(redis).getBuffer('{busbar:plant-a:1}:holdingRegisters'))?.toString('hex')).toBe(
      '001900150016',
    );
  });

  test('names the rights that a user of Redis needs', async () => {
    const rights = /The user\s+needs\s+`([^`]+)`\s+and\s+the\s+keys\s+`([^`]+)`/.exec(readDocument(DOCUMENT));
    const redis = await redisForTest();
    await lookInto(redis).call(
      'ACL',
      'SETUSER',
      'sharing',
      'on',
      '>secret',
      `${rights?.[2]}`,
      ...`${rights?.[1]}`.split(' '),
    );
    const user = new Redis({
      port: redis.port,
      host: '127.0.0.1',
      username: 'sharing',
      password: 'secret',
      lazyConnect: true,
    });
    const [one, two] = [await startSharer(redis, { redis: user }), await startSharer(redis, { redis: user })];
    await one.ask('fc:06 address:0000 value:0007');
    await until(() => two.unit.holdingRegisters.get(0) === 7 && one.image.leads(one.unit));
    one.unit.fifos.get(50)?.push(1);
    await one.image.settled();
  });
});
