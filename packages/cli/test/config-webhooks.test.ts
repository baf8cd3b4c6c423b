import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { problems } from './helpers/problems.js';

const URL = 'http://127.0.0.1:8080/hook';

const config = (hook: string) =>
  `units: [{id: 1, name: boiler, points: {setpoint: {at: holding 0}}}]\nwebhooks: [${hook}]\n`;

describe('webhooks in a config', () => {
  test.each([
    `{on: write, url: "${URL}"}`,
    `{on: [write, change, connect, disconnect, fault, simulation, log], url: "https://user:pw@plant/?key=1"}`,
    `{on: write, unit: 1, points: [setpoint], url: "${URL}", headers: {Authorization: Bearer abc}}`,
    `{on: write, unit: boiler, url: "${URL}"}`,
  ])('may be %s', (hook) => {
    expect(parseConfig(config(hook), 'x').content?.webhooks).toHaveLength(1);
  });

  test.each([
    ['{on: write}', 'webhooks[0]: expected the key "url"'],
    [`{on: read, url: "${URL}"}`, 'webhooks[0].on: expected one of change, write, connect'],
    [`{on: [], url: "${URL}"}`, 'webhooks[0].on'],
    [`{on: [write, wirte], url: "${URL}"}`, 'webhooks[0].on'],
    [
      '{on: write, url: plant/hook}',
      'webhooks[0].url: expected an address such as http://127.0.0.1:8080/modbus, found',
    ],
    ['{on: write, url: "ftp://plant/"}', 'webhooks[0].url: expected an address'],
    [`{on: write, unit: 2, url: "${URL}"}`, 'webhooks[0].unit: expected the id or the name of a unit, found 2'],
    [`{on: write, unit: boilr, url: "${URL}"}`, 'did you mean "boiler"?'],
    [`{on: write, points: [setpoint], url: "${URL}"}`, 'webhooks[0].points: needs `unit`: whose points are meant'],
    [`{on: write, unit: 1, points: [setpiont], url: "${URL}"}`, 'did you mean "setpoint"?'],
    [`{on: write, url: "${URL}", headers: {"a b": c}}`, 'webhooks[0].headers'],
    [`{on: write, url: "${URL}", headers: {a: "c\\nd"}}`, 'webhooks[0].headers'],
    [`{on: write, uri: "${URL}"}`, 'uri'],
  ])('may not be %s', (hook, problem) => {
    expect(problems(config(hook)).join('\n')).toContain(problem);
  });
});
