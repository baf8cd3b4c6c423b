import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { redisPlace } from '../src/config/share.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

const config = (share: string) => `share: ${share}\nunits: [{id: 1}]\n`;
const optionsOf = (share: string, file = 'x') => {
  const { share: options } = parseConfig(config(share), file);
  if (options === undefined) throw new Error('nothing is shared');
  return options;
};

describe('share in a config', () => {
  test('is off unless it is there', () => {
    expect(parseConfig('units: [{id: 1}]', 'x').share).toBeUndefined();
  });

  test('has an address and an image, and times in milliseconds', () => {
    const times = 'maxStale: 10s, whenAway: stale, awayException: 6, commandTimeout: 50ms, lease: 5s, waitReplicas: 1';
    expect(optionsOf('{redis: "redis://127.0.0.1:6379", image: plant-a}')).toEqual({
      redis: 'redis://127.0.0.1:6379',
      sentinels: [],
      image: 'plant-a',
    });
    expect(optionsOf(`{redis: "redis://a", image: b, reads: latest, ${times}}`)).toMatchObject({
      reads: 'latest',
      maxStale: 10_000,
      whenAway: 'stale',
      awayException: 6,
      commandTimeout: 50,
      lease: 5000,
      waitReplicas: 1,
    });
  });

  test('may ask Sentinels', () => {
    const sentinels = 'sentinels: ["10.0.0.1:26380", "[::1]:26379", plant], name: mymaster';
    const options = optionsOf(`{${sentinels}, password: pw, image: a}`);
    expect(options).toMatchObject({
      redis: undefined,
      name: 'mymaster',
      password: 'pw',
      sentinels: [
        { host: '10.0.0.1', port: 26_380 },
        { host: '::1', port: 26_379 },
        { host: 'plant', port: 26_379 },
      ],
    });
    expect(redisPlace(options)).toBe('mymaster of 10.0.0.1:26380, [::1]:26379, plant:26379');
  });

  test('may have files for TLS, beside the config', () => {
    using folder = folderWith({ 'ca.pem': '', 'a.pem': '', 'a.key': '' });
    const tls = '{caFile: ca.pem, certFile: a.pem, keyFile: a.key}';
    expect(optionsOf(`{redis: "rediss://a", image: b, tls: ${tls}}`, `${folder.path}/x`).tls).toEqual({
      caFile: `${folder.path}/ca.pem`,
      certFile: `${folder.path}/a.pem`,
      keyFile: `${folder.path}/a.key`,
    });
    expect(optionsOf('{sentinels: [a], name: b, image: c, tls: {}}').tls).toEqual({});
  });

  test.each([
    ['redis://a', 'redis://a'],
    ['redis://user:secret@a:7000/3', 'redis://a:7000/3'],
    ['rediss://:secret@[::1]', 'rediss://[::1]'],
  ])('says where %s is, without its password', (redis, place) => {
    expect(redisPlace(optionsOf(`{redis: "${redis}", image: b}`))).toBe(place);
  });

  test.each([
    [
      '{image: a}',
      'x:1:8: share: expected the key "redis" (such as redis://127.0.0.1:6379) or "sentinels", found none',
    ],
    ['{redis: "redis://a"}', 'share: expected the key "image" (a name of at most 64 letters, digits'],
    ['{redis: "redis://a", image: "plant a"}', 'share.image: expected a name of at most 64 letters, digits, "_", "."'],
    ['{redis: "redis://a", sentinels: [b], name: c, image: d}', 'share.sentinels: give either redis or sentinels'],
    ['{sentinels: [a], image: b}', 'share.sentinels: needs `name`'],
    ['{sentinels: ["a:b"], name: c, image: d}', 'share.sentinels[0]: expected host and port, such as 10.0.0.1:26379'],
    ['{redis: "redis://a", password: secret, image: b}', 'share.password: is for sentinels only: write it into the'],
    ['{redis: "redis://a", tls: {}, image: b}', 'share.tls: the address of redis has no TLS: write rediss://'],
    ['{redis: "rediss://a", tls: {certFile: x}, image: b}', 'share.tls: needs both certFile and keyFile'],
    ['{redis: "rediss://a", tls: {caFile: none}, image: b}', "share.tls.caFile: none can't be read: there is no such"],
    ['{redis: "redis://a", image: b, maxStale: 1s}', 'share.maxStale: does nothing with whenAway: refuse'],
    ['{redis: "redis://a", image: b, whenAway: detach, awayException: 6}', 'share.awayException: does nothing'],
    ['{redis: "redis://a", image: b, whenAway: detatch}', 'did you mean "detach"?'],
    ['{redis: "redis://a", image: b, commandTimeout: 100}', 'share.commandTimeout: expected a duration with its unit'],
    ['{redis: "redis://a", image: b, waitReplicas: 17}', 'share.waitReplicas: expected a whole number from 0 to 16'],
    [
      '{redis: "redis://a", image: b, lease: 100ms}',
      'share.lease: expected 200ms to 10m in whole milliseconds, found "',
    ],
    ['{redis: "redis://a", image: b, commandTimeout: 10.5ms}', 'share.commandTimeout: expected 10ms to 1m in whole'],
    ['{redis: "redis://a", image: b, read: local}', 'share.read: unknown key; expected one of redis, sentinels'],
  ])('%s is refused', (share, problem) => {
    expect(problems(config(share)).join('\n')).toContain(problem);
  });

  test.each(['http://u:secret@a', 'redis://u:secret@a/x', 'redis://u:secret@a/0?family=6', 'redis:secret', 'secret'])(
    'an address such as %s is refused without telling it',
    (redis) => {
      const found = problems(config(`{redis: "${redis}", image: b}`)).join('\n');
      expect(found).toContain('share.redis: expected an address such as redis://:password@127.0.0.1:6379/0');
      expect(found).not.toContain('secret');
    },
  );

  test('a password that is none is not told', () => {
    const found = problems(config('{sentinels: [a], name: b, image: c, password: 12345}')).join('\n');
    expect(found).toContain('share.password: expected a text, found something else; put it in quotes');
    expect(found).not.toContain('12345');
  });
});
