import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './helpers/document.js';
import { temporaryFolder } from './helpers/folder.js';
import { LineProcess } from './helpers/lines.js';
import { ONCE, PYTHON, run, runChecked } from './helpers/process.js';

const COMMAND = join(root, 'packages/cli/dist/main.js');
const PARSER = fileURLToPath(new URL('clients/prometheus_parser.py', import.meta.url));
const EXAMPLE = join(root, 'examples/monitoring');
const TOKENS = { BUSBAR_TOKEN: 'only-for-this-test-write', BUSBAR_READ_TOKEN: 'only-for-this-test-read' };
/** Both lines, with their addresses, come within the first few. */
const MAX_LINES = 20;

const read = (name: string) => readFileSync(join(EXAMPLE, name), 'utf8');

/** A family of metrics, as a parser of Prometheus understands it. */
interface Family {
  readonly name: string;
  readonly type: string;
  readonly samples: readonly (readonly [string, Readonly<Record<string, string>>, number | null])[];
}

/** The device of the example, on free ports of this machine alone. */
class Plant {
  readonly #process: LineProcess;
  readonly #folder = temporaryFolder();
  port = 0;
  url = '';

  constructor() {
    const config = Object.entries(TOKENS).reduce(
      (text, [name, token]) => text.replace(`\${${name}}`, token),
      read('busbar.yaml'),
    );
    const file = join(this.#folder.path, 'busbar.yaml');
    writeFileSync(
      file,
      config.replaceAll('0.0.0.0', '127.0.0.1').replace('port: 5020', 'port: 0').replace('port: 8502', 'port: 0'),
    );
    this.#process = new LineProcess(process.execPath, [COMMAND, 'serve', '--config', file, '--log-format', 'json']);
  }

  async start(): Promise<void> {
    for (let line = 0; line < MAX_LINES && (this.port === 0 || this.url === ''); line++) {
      const { event, port, url } = JSON.parse(await this.#process.next());
      if (event === 'listening') this.port = port;
      if (event === 'http') this.url = url;
    }
  }

  /** mbpoll reads a register, which may not be there. */
  async poll(unit: number, register: number): Promise<void> {
    const place = ['-m', 'tcp', '-p', String(this.port), '127.0.0.1'];
    await run('mbpoll', [...ONCE, '-q', '-t', '4', '-a', String(unit), '-r', String(register), ...place]);
  }

  async scrape(accept: string): Promise<string> {
    const headers = { Accept: accept, Authorization: `Bearer ${TOKENS.BUSBAR_READ_TOKEN}` };
    const response = await fetch(new URL('metrics', this.url), { headers });
    expect(response.status).toBe(200);
    return await response.text();
  }

  async stop(): Promise<void> {
    await this.#process.end('SIGINT');
    this.#folder.remove();
  }
}

async function parsed(format: 'prometheus' | 'openMetrics', text: string): Promise<Family[]> {
  return JSON.parse(await runChecked(PYTHON, [PARSER, format], text));
}

/** promtool is part of a big package: it is a judge where it is there. */
async function promtool(args: string[], input: string): Promise<string> {
  try {
    const { code, stdout, stderr } = await run('promtool', args, { input });
    return code === 0 ? '' : stdout + stderr;
  } catch (error) {
    if (error instanceof Error && error.message.includes('promtool is missing')) return '';
    throw error;
  }
}

const plant = new Plant();
beforeAll(async () => {
  await plant.start();
  await plant.scrape('text/plain');
  for (const [unit, register] of [
    [1, 0],
    [1, 0],
    [1, 9],
    [7, 0],
  ])
    await plant.poll(unit, register);
});
afterAll(() => plant.stop());

describe('metrics', () => {
  test('are understood by the parsers of Prometheus, in both formats', async () => {
    const text = await plant.scrape('text/plain');
    const [old, open] = [
      await parsed('prometheus', text),
      await parsed('openMetrics', await plant.scrape('application/openmetrics-text; version=1.0.0')),
    ];
    for (const families of [old, open]) {
      const named = new Map(families.map((family) => [family.name, family]));
      expect(named.get('busbar_requests')?.type).toBe('counter');
      expect(named.get('busbar_requests')?.samples).toEqual([
        ['busbar_requests_total', { listener: 'plant', function: '3', exception: 'none' }, 2],
        ['busbar_requests_total', { listener: 'plant', function: '3', exception: '2' }, 1],
        ['busbar_requests_total', { listener: 'plant', function: '3', exception: '11' }, 1],
      ]);
      expect(named.get('busbar_request_duration_seconds')?.type).toBe('histogram');
      expect(named.get('process_cpu_seconds')?.type).toBe('counter');
    }
    expect(old.map(({ name }) => name).sort()).toEqual(open.map(({ name }) => name).sort());
    expect(await promtool(['check', 'metrics'], text)).toBe('');
  });
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

describe('the dashboard', () => {
  const dashboard: {
    panels: Panel[];
    templating: { list: { name: string; definition?: string }[] };
  } = JSON.parse(read('grafana/busbar.json'));
  const { panels, templating } = dashboard;
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const queries = [...expressions, ...templating.list.flatMap(({ definition }) => definition ?? [])];

  test('asks only for metrics that there are', async () => {
    const families = await parsed('prometheus', await plant.scrape('text/plain'));
    const names = families.flatMap(({ name, type, samples }) =>
      type === 'histogram'
        ? [`${name}_bucket`]
        : [type === 'counter' ? `${name}_total` : name, ...samples.map(([sample]) => sample)],
    );
    const asked = queries.flatMap((query) => query.match(/\b(busbar|process|nodejs)_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((name) => !names.includes(name))).toEqual([]);
  });

  test('asks only for labels that they have', async () => {
    const families = await parsed('prometheus', await plant.scrape('text/plain'));
    const labels = new Map<string, string[]>();
    for (const [name, of] of families.flatMap(({ samples }) => samples)) labels.set(name, Object.keys(of));
    // What Prometheus itself adds, and what only a reply with an error has.
    const always = ['job', 'instance'];
    for (const query of queries) {
      for (const [, name, selector] of query.matchAll(/\b((?:busbar|process|nodejs)_\w+)\{([^}]*)\}/g)) {
        const there = [...always, ...(labels.get(name) ?? [])];
        for (const [, label] of selector.matchAll(/(\w+)\s*(?:=~|!=|=)/g)) expect(there, query).toContain(label);
      }
    }
  });

  test('uses only variables that it has', () => {
    const names = [...templating.list.map(({ name }) => name), '__rate_interval'];
    for (const query of queries) for (const [, name] of query.matchAll(/\$(\w+)/g)) expect(names).toContain(name);
  });

  test('has panels beside one another, each with an explanation', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [i, one] of panels.entries()) {
      const { x, y, w, h } = one.gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      expect(one.type === 'row' || one.description, one.title).toBeTruthy();
      for (const { gridPos: other } of panels.slice(i + 1)) {
        const apart = x + w <= other.x || other.x + other.w <= x || y + h <= other.y || other.y + other.h <= y;
        expect(apart, one.title).toBe(true);
      }
    }
  });
});

describe('the compose file', () => {
  const { services, secrets } = parse(read('compose.yaml'));

  test('mounts files that there are, at the places where they are looked for', () => {
    const mounts: string[] = Object.values<{ volumes?: string[] }>(services).flatMap(({ volumes = [] }) => volumes);
    for (const mount of mounts) expect(existsSync(join(EXAMPLE, mount.split(':')[0])), mount).toBe(true);
    const [provider] = parse(read('grafana/dashboards.yaml')).providers;
    expect(mounts).toContain(`./grafana/busbar.json:${provider.options.path}/busbar.json:ro`);
    const command: string[] = services.busbar.command.split(' ');
    for (const file of command.filter((word) => word.startsWith('examples/')))
      expect(existsSync(join(root, file))).toBe(true);
  });

  test('has Prometheus ask the device with the token for reading', async () => {
    const [job] = parse(read('prometheus.yml')).scrape_configs;
    const { http } = parse(read('busbar.yaml'));
    const [target] = job.static_configs[0].targets;
    const [name] = services.prometheus.secrets;
    expect(target).toBe(`busbar:${http.port}`);
    expect(http.allowedHosts).toContain('busbar');
    expect(job.authorization.credentials_file).toBe(`/run/secrets/${name}`);
    expect(http.readToken).toBe(`\${${secrets[name].environment}}`);
    expect(Object.keys(services.busbar.environment)).toEqual(Object.keys(TOKENS));
    expect(await promtool(['check', 'config', '--syntax-only', join(EXAMPLE, 'prometheus.yml')], '')).toBe('');
  });

  test('has Grafana ask Prometheus', () => {
    const [{ url, type }] = parse(read('grafana/datasource.yaml')).datasources;
    expect({ url, type }).toEqual({ url: 'http://prometheus:9090', type: 'prometheus' });
    expect(services.prometheus.ports).toEqual(['127.0.0.1:9090:9090']);
  });

  test('opens no port to others than this machine', () => {
    const ports: string[] = Object.values<{ ports: string[] }>(services).flatMap((service) => service.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('asks for the health of the device as a supervisor does', async () => {
    const [, script = ''] = /node -e "(.*)"/.exec(services.busbar.healthcheck.test) ?? [];
    const { code, stderr } = await run(process.execPath, ['-e', script.replace('http://127.0.0.1:8502/', plant.url)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
