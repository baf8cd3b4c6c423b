import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { API_PATH, EVENT_TYPES, type Route, routes } from '../../src/api/contract.js';
import { request } from '../helpers/client.js';
import { serveApi } from './helpers/api.js';
import { clientOf, deviceOf } from './helpers/device.js';
import { blockOf, DOCUMENTED, PAGE, pathOf } from './helpers/documented.js';

/** What is not the same each time. */
const VOLATILE = new Set([
  'time',
  'date',
  'started',
  'since',
  'lastRequest',
  'left',
  'port',
  'took',
  'version',
  'config',
]);

/** The same with the kinds of what is volatile. */
function stable(value: unknown, key = ''): unknown {
  if (VOLATILE.has(key)) return typeof value;
  if (Array.isArray(value)) return value.map((item) => stable(item));
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? value.replace(/^tcp 127\.0\.0\.1:\d+$/, 'tcp 127.0.0.1:PORT') : value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, stable(item, name)]));
}

/** The device of the page. */
function config(): string {
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(PAGE) ?? [];
  return text.replace('port: 5020', 'port: 0');
}

describe('the page of the API', () => {
  test('has the examples of the contract, and they are true', async () => {
    const device = await deviceOf(config());
    const { send } = await serveApi(device);
    device.simulator.start();
    const client = await clientOf(device);
    await request(client, 1, '0300000001');
    for (const documented of DOCUMENTED) {
      const { route, example } = documented;
      const path = pathOf(documented).slice(1);
      const { status, body } = await send(route.method.toUpperCase(), path, example.body);
      expect(status, path).toBe(route.status ?? 200);
      expect(stable(body), path).toEqual(stable(example.answer ?? ''));
      expect(PAGE).toContain(blockOf(documented));
    }
  });

  test('tells of every route', () => {
    const told = new Set(DOCUMENTED.map(({ route }) => route));
    const silent = Object.values<Route>(routes).filter((route) => !told.has(route) && !PAGE.includes(route.path));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('tells of every type of event', () => {
    const [, types = ''] = /## Events\n(.*?)\n## /s.exec(PAGE) ?? [];
    expect(EVENT_TYPES.filter((type) => !types.includes(`| \`${type}\` |`))).toEqual([]);
  });

  test('shows no answer beside those of the contract', () => {
    const ours = new Set(DOCUMENTED.map(blockOf));
    const blocks = PAGE.match(/```console\n.*?```\n/gs) ?? [];
    const others = blocks.filter((block) => !ours.has(block));
    expect(others.filter((block) => block.trimEnd().split('\n').length > 3)).toEqual([]);
  });
});

describe('the description in OpenAPI', () => {
  test('is valid, and has all routes', async () => {
    const { get } = await serveApi(await deviceOf());
    const { body } = await get('openapi.json');
    const { valid, errors } = await new Validator().validate(body);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(body.openapi).toBe('3.1.0');
    expect(body.servers).toEqual([{ url: API_PATH }]);
    const operations = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.sort()).toEqual(
      Object.values<Route>(routes)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
  });

  test('refers only to what it has', async () => {
    const { get } = await serveApi(await deviceOf());
    const { body } = await get('openapi.json');
    const references = JSON.stringify(body).match(/#\/components\/\w+\/\w+/g) ?? [];
    const missing = references.filter((reference) => {
      const [, , kind = '', name = ''] = reference.split('/');
      return body.components[kind][name] === undefined;
    });
    expect(references.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  test('has every example, and the schema of what the config says of a fault', async () => {
    const { get } = await serveApi(await deviceOf());
    const { body } = await get('openapi.json');
    for (const { route, example } of DOCUMENTED) {
      const operation = body.paths[route.path][route.method];
      if (example.body !== undefined) {
        expect(operation.requestBody.content['application/json'].examples[example.name].value).toEqual(example.body);
      }
      if (example.answer !== undefined) {
        const { content } = operation.responses[route.status ?? 200];
        expect(content['application/json'].examples[example.name].value).toEqual(example.answer);
      }
    }
    expect(body.components.schemas.FaultOptions.properties.badChecksum).toBeDefined();
  });
});
