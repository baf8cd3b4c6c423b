import { describe, expect, test } from 'vitest';
import { httpAt } from '../src/config/http.js';
import { parseConfig } from '../src/config/load.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

const TOKEN = 'sixteen-letters-';
const config = (http: string) => `http: ${http}\nunits: [{id: 1}]\n`;
const optionsOf = (http: string, file = 'x') => parseConfig(config(http), file).http;

describe('http in a config', () => {
  test('is off unless it is there', () => {
    expect(parseConfig('units: [{id: 1}]', 'x').http).toBeUndefined();
  });

  test('is for this machine alone unless it says more', () => {
    const local = { host: '127.0.0.1', port: 8502, hosts: ['127.0.0.1'], origins: [] };
    expect(optionsOf('{}')).toEqual({ ...local, token: undefined, readToken: undefined });
  });

  test('may be for others, with tokens', () => {
    const http = `{host: plant, port: 0, token: ${TOKEN}, readToken: ${TOKEN}2, allowedHosts: [a.b], origins: [https://c.d]}`;
    expect(optionsOf(http)).toEqual({
      host: 'plant',
      port: 0,
      token: TOKEN,
      readToken: `${TOKEN}2`,
      hosts: ['plant', 'a.b'],
      origins: ['https://c.d'],
    });
  });

  test('takes its token from a file beside the config', () => {
    using folder = folderWith({ token: `${TOKEN}\n`, short: 'short' });
    const file = `${folder.path}/x`;
    expect(optionsOf('{tokenFile: token}', file)?.token).toBe(TOKEN);
    expect(() => optionsOf('{tokenFile: short}', file)).toThrow(
      'http.tokenFile: short has no token: expected at least 16 letters, digits or signs, without spaces',
    );
    expect(() => optionsOf('{tokenFile: none}', file)).toThrow("none can't be read: there is no such file");
  });

  test.each([
    ['{host: 0.0.0.0}', /1:14: http\.host: others can reach 0\.0\.0\.0, so a token is needed; add `token: [\w-]{24}`$/],
    ['{host: plant}', /others can reach plant, so a token is needed/],
    ['{host: 127.0.0.1.example.com}', /a token is needed/],
    [
      '{token: short}',
      /1:15: http\.token: expected a text of at least 16 letters, digits or signs, without spaces, found/,
    ],
    ['{token: "with a space in between"}', /http\.token: expected a text of at least 16 letters/],
    [`{readToken: ${TOKEN}}`, /http\.readToken: needs a token for those who may write/],
    [`{token: ${TOKEN}, tokenFile: x}`, /http\.tokenFile: give either token or tokenFile, not both/],
    [
      '{origins: [example.com]}',
      /http\.origins\[0\]: expected an origin such as https:\/\/example\.com, found example\.com/,
    ],
    ['{origins: ["https://example.com/"]}', /http\.origins\[0\]: expected an origin/],
    ['{port: 65536}', /http\.port: expected a whole number from 0 to 65535, found 65536/],
    ['{hosts: [x]}', /http\.hosts: unknown key; expected one of host, port, .*; did you mean "host"\?/],
    ['true', /http: expected a map with host, port/],
  ])('%s is refused', (http, problem) => {
    expect(problems(config(http)).join('\n')).toMatch(problem);
  });
});

describe('--http', () => {
  test('replaces the place of the config, and keeps the rest', () => {
    const http = optionsOf(`{port: 1, token: ${TOKEN}}`);
    expect(httpAt({ host: '::', port: 2 }, http)).toMatchObject({ host: '::', port: 2, token: TOKEN });
    expect(httpAt({ host: '::1', port: 2 })).toMatchObject({ host: '::1', port: 2, token: undefined });
  });

  test('needs a token of the config for others', () => {
    expect(() => httpAt({ host: '0.0.0.0', port: 2 })).toThrow(
      /^--http: others can reach 0\.0\.0\.0, so a token is needed; add to the config: `http: \{ token: [\w-]{24} \}`$/,
    );
  });
});
