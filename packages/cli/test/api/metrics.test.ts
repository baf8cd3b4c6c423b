import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';
import { request } from '../helpers/client.js';
import { serveApi } from './helpers/api.js';
import { clientOf, deviceOf } from './helpers/device.js';

const OPEN_METRICS = 'application/openmetrics-text';
/** What Prometheus sends. */
const ACCEPT = `${OPEN_METRICS};version=1.0.0;q=0.5,${OPEN_METRICS};version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`;

/** Two listeners, a fault, and access that refuses. */
const PLANT = `
listen:
  - { type: tcp, port: 0, name: plant }
  - { type: udp, port: 0, name: 'say "hi"' }
simulation: { speed: 0.5 }
faults: [{ name: busy, functions: [6], exception: 6 }]
units:
  - { id: 1, points: { flow: { at: holding 0 }, level: { at: holding 1 } } }
`;

async function plant(access: Parameters<typeof serveApi>[1] = {}) {
  const device = await deviceOf(PLANT);
  const { url } = await serveApi(device, access);
  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(new URL(path, url), { method, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const scrape = async (accept = 'text/plain') => samplesOf((await ask('/metrics', { Accept: accept })).text);
  return { device, ask, scrape };
}

/** Values by name and labels. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('the documents have every metric of the device, with its type', async () => {
  const { ask } = await plant();
  const { text } = await ask('/metrics');
  const types = [...text.matchAll(/^# TYPE (busbar_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const told = readDocument('docs/metrics.md').matchAll(/^\| (`busbar_.*?) \| (counter|gauge|histogram) \|/gm);
  const names = [...told].flatMap(([, cell, type]) =>
    cell.split(', ').map((name) => `${name.replaceAll('`', '')} ${type}`),
  );
  expect(names.toSorted()).toEqual(types.toSorted());
});

describe('metrics', () => {
  test('say nothing of a store or an image where there is none', async () => {
    const { scrape } = await plant();
    const names = [...(await scrape()).keys(), ...(await scrape(ACCEPT)).keys()];
    expect(names.filter((name) => /^busbar_(storage|sharing)_/.test(name))).toEqual([]);
  });

  test('count requests by listener, function and exception', async () => {
    const { device, scrape } = await plant();
    const client = await clientOf(device);
    for (const pdu of ['0300000001', '0300000002', '0300090001', '0600000001', '6e']) await request(client, 1, pdu);
    await request(client, 9, '0300000001');
    const samples = await scrape();
    const requests = [...samples].filter(([name]) => name.startsWith('busbar_requests_total'));
    expect(Object.fromEntries(requests)).toEqual({
      'busbar_requests_total{listener="plant",function="3",exception="none"}': 2,
      'busbar_requests_total{listener="plant",function="3",exception="2"}': 1,
      'busbar_requests_total{listener="plant",function="3",exception="11"}': 1,
      'busbar_requests_total{listener="plant",function="6",exception="6"}': 1,
      'busbar_requests_total{listener="plant",function="110",exception="1"}': 1,
    });
    expect(samples.get('busbar_fault_hits_total{fault="busy"}')).toBe(1);
    expect(samples.get('busbar_refusals_total{listener="plant",reason="unknown_unit"}')).toBe(1);
  });

  test('tell connections, bytes and line errors', async () => {
    const { device, scrape } = await plant();
    const client = await clientOf(device);
    await request(client, 1, '0300000001');
    // Another protocol than Modbus, in front of a request.
    client.write(Buffer.from('000000070003010300', 'hex'));
    await request(client, 1, '0300000001');
    const samples = await scrape();
    const of = (name: string) => samples.get(`${name}{listener="plant"}`);
    expect(of('busbar_connections')).toBe(1);
    expect(of('busbar_connections_accepted_total')).toBe(1);
    expect(of('busbar_received_bytes_total')).toBe(2 * 12 + 9);
    expect(of('busbar_sent_bytes_total')).toBe(2 * 11);
    expect(samples.get('busbar_line_errors_total{listener="plant",kind="dropped_frame"}')).toBe(1);
    expect(samples.get('busbar_line_errors_total{listener="plant",kind="damaged_frame"}')).toBe(0);
  });

  test('tell the device and the process', async () => {
    const { device, scrape } = await plant();
    device.faults.switch('busy', false);
    const samples = await scrape();
    expect(samples.get('busbar_units')).toBe(1);
    expect(samples.get('busbar_points')).toBe(2);
    expect(samples.get('busbar_simulation_running')).toBe(0);
    expect(samples.get('busbar_simulation_speed')).toBe(0.5);
    expect(samples.get('busbar_fault_active{fault="busy"}')).toBe(0);
    expect(samples.get('busbar_build_info{version="0.1.0"}')).toBe(1);
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(samples.get('process_start_time_seconds')).toBeGreaterThan(1e9);
  });

  test('measure how long replies take, from the first scrape on', async () => {
    const { device, scrape } = await plant();
    const client = await clientOf(device);
    const counted = async () => (await scrape()).get('busbar_request_duration_seconds_count{listener="plant"}');
    await request(client, 1, '0300000001');
    expect(await counted()).toBe(0);
    for (let i = 0; i < 3; i++) await request(client, 1, '0300000001');
    expect(await counted()).toBe(3);
    const samples = await scrape();
    expect(samples.get('busbar_request_duration_seconds_bucket{listener="plant",le="+Inf"}')).toBe(3);
    expect(samples.get('busbar_request_duration_seconds_sum{listener="plant"}')).toBeGreaterThan(0);
  });

  test('follow a listener that closes', async () => {
    const { device, scrape } = await plant();
    const up = async () => (await scrape()).get('busbar_listener_up{listener="plant"}');
    expect(await up()).toBe(1);
    await device.boundServers[0].server.close();
    expect(await up()).toBe(0);
  });

  test('escape what is in a name', async () => {
    const { ask } = await plant();
    expect((await ask('/metrics')).text).toContain('busbar_connections{listener="say \\"hi\\""} 0');
  });

  test('come in the format that is asked for', async () => {
    const { ask } = await plant();
    const typeOf = async (accept: string) => (await ask('/metrics', { Accept: accept })).headers.get('Content-Type');
    const [text, open] = ['text/plain; version=0.0.4; charset=utf-8', `${OPEN_METRICS}; version=1.0.0; charset=utf-8`];
    expect(await typeOf('*/*')).toBe(text);
    expect(await typeOf('text/html')).toBe(text);
    expect(await typeOf(ACCEPT)).toBe(open);
    expect(await typeOf(`text/plain;q=0.9,${OPEN_METRICS};q=0.1`)).toBe(text);
  });

  test('are the same in both formats, whichever was asked for before', async () => {
    const { ask } = await plant();
    const names = (text: string) => text.match(/^# TYPE busbar_\S+/gm)?.map((line) => line.slice(7)) ?? [];
    const ofDevice = (text: string) => [...samplesOf(text)].filter(([name]) => name.startsWith('busbar_'));
    const first = await ask('/metrics', { Accept: ACCEPT });
    const second = await ask('/metrics');
    const third = await ask('/metrics', { Accept: ACCEPT });
    expect(first.text).toMatch(/\n# EOF\n$/);
    expect(second.text).toContain('# TYPE busbar_requests_total counter\n');
    expect(names(third.text)).toEqual(names(first.text));
    expect(names(second.text).map((name) => name.replace(/_total$/, ''))).toEqual(names(first.text));
    expect(ofDevice(second.text)).toEqual(ofDevice(third.text));
  });

  test('need the token, of which that for reading is enough', async () => {
    const { ask } = await plant({ token: 'secret', readToken: 'look' });
    expect((await ask('/metrics')).status).toBe(401);
    expect((await ask('/metrics', { Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask('/metrics', { Authorization: 'Bearer look' })).status).toBe(200);
    expect((await ask('/metrics', { Authorization: 'Bearer secret' })).status).toBe(200);
  });

  test('are for reading only', async () => {
    const { ask } = await plant();
    expect((await ask('/metrics', {}, 'POST')).status).toBe(404);
  });
});

describe('probes', () => {
  test('say that all is well, without a token', async () => {
    const { ask } = await plant({ token: 'secret' });
    for (const path of ['/livez', '/readyz']) {
      const { status, text, headers } = await ask(path);
      expect({ status, text }).toEqual({ status: 200, text: 'ok\n' });
      expect(headers.get('Cache-Control')).toBe('no-store');
    }
  });

  test('say that clients cannot connect, while the process lives', async () => {
    const { device, ask } = await plant();
    await device.boundServers[1].server.close();
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: '1 of 2 listeners is up\n' });
    expect(await ask('/livez')).toMatchObject({ status: 200 });
  });
});
