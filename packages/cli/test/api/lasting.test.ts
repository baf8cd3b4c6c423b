import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Keeping } from '../../src/device/keeping.js';
import type { Lasting } from '../../src/device/lasting.js';
import { type Device, loadDevice } from '../../src/index.js';
import { request } from '../helpers/client.js';
import { folderWith } from '../helpers/files.js';
import { serveApi } from './helpers/api.js';
import { clientOf } from './helpers/device.js';

const config = (mode: string) => `listen: [{ type: tcp, port: 0 }]
keep: { in: state, mode: ${mode} }
units:
  - { id: 1, name: boiler, points: { setpoint: { at: holding 0 }, level: { at: holding 1 } }, coils: [{ start: 0, count: 8 }] }
  - { id: 2, keep: false, holdingRegisters: [{ start: 0, count: 4 }] }
`;

function keepingOf(device: Device): Keeping {
  const { keeping }: Lasting = Reflect.get(device, 'lasting');
  if (keeping === undefined) throw new Error('nothing is kept');
  return keeping;
}

/** A device that is kept, and its API. The store can be made to fail. */
async function kept(mode = 'durable') {
  const folder = folderWith({ 'plant.yaml': config(mode) });
  const load = () => loadDevice(join(folder.path, 'plant.yaml'));
  const device = await load();
  onTestFinished(async () => {
    await device.close().catch(() => undefined);
    folder[Symbol.dispose]();
  });
  await device.start();
  const keeping = keepingOf(device);
  const { inner } = keeping.store;
  const put = inner.put.bind(inner);
  const api = await serveApi(device);
  const get = async (path: string) => {
    const response = await fetch(new URL(path, api.url));
    return { status: response.status, text: await response.text() };
  };
  return {
    ...api,
    device,
    load,
    readyz: () => get('readyz'),
    metrics: async () => (await get('metrics')).text,
    fail: () => {
      inner.put = () => Promise.reject(new Error('no space left on device'));
    },
    mend: async () => {
      const recovered = new Promise((resolve) => keeping.storage.once('recovered', () => resolve(true)));
      inner.put = put;
      return keeping.storage.state !== 'failing' || (await recovered);
    },
  };
}

const ANSWERED = { in: 'state', mode: 'durable', units: [1] };

describe('the API of a device that is kept', () => {
  test.each([
    ['units/1/points/setpoint', { value: 7 }, 200],
    ['units/1/holding?start=0', { values: [7] }, 200],
    ['snapshot', { units: [{ unit: 1, points: { setpoint: 7 } }] }, 204],
  ])('answers PUT %s when it is on disk', async (path, body, status) => {
    const { send, device } = await kept();
    let written = 0;
    const { inner } = keepingOf(device).store;
    const put = inner.put.bind(inner);
    inner.put = async (...args) => {
      await put(...args);
      written++;
    };
    expect((await send('PUT', path, body)).status).toBe(status);
    expect(written).toBe(1);
  });

  test('says that the write may be lost while the store fails, and then takes none', async () => {
    const { send, device, fail, mend, get } = await kept();
    fail();
    const put = (value: number, unit = 1) => send('PUT', `units/${unit}/holding?start=0`, { values: [value] });
    expect((await put(7)).body).toMatchObject({
      status: 503,
      detail: 'the write may be lost: the store has failed: no space left on device',
    });
    expect((await put(8)).body).toMatchObject({
      status: 503,
      detail: 'unit 1 (boiler) takes no writes now: the store has failed: no space left on device',
    });
    expect(device.unit(1).holdingRegisters.get(0)).toBe(7);
    expect((await put(8, 2)).status).toBe(200);
    expect((await get('units/1/points/setpoint')).body).toMatchObject({ value: 7 });
    await mend();
    expect((await put(9)).status).toBe(200);
  });

  test('does not wait at intervals', async () => {
    const { send, fail, mend, get } = await kept('interval');
    fail();
    expect((await send('PUT', 'units/1/points/setpoint', { value: 7 })).status).toBe(200);
    expect((await get('')).body).toMatchObject({ storage: { mode: 'interval' } });
    await mend();
  });

  test('tells the state of the store, and why it fails', async () => {
    const { send, get, fail, mend, readyz, metrics, device } = await kept();
    expect((await get('')).body).toMatchObject({ storage: { ...ANSWERED, state: 'ready' }, sharing: null });
    expect(await readyz()).toEqual({ status: 200, text: 'ok\n' });
    await send('PUT', 'units/1/points/setpoint', { value: 7 });
    fail();
    const client = await clientOf(device);
    expect(await request(client, 1, '0600000009')).toBe('8604');
    const problem = 'the store has failed: no space left on device';
    expect((await get('')).body).toMatchObject({ storage: { ...ANSWERED, state: 'failing', problem } });
    expect(await readyz()).toEqual({ status: 503, text: `${problem}\n` });
    const failing = await metrics();
    expect(failing).toContain('\nbusbar_storage_up 0\n');
    expect(failing).toMatch(/\nbusbar_storage_failures_total [1-9]/);
    expect(failing).toMatch(/\nbusbar_storage_flush_duration_seconds_count [1-9]/);
    expect(failing).toMatch(/\nbusbar_storage_written_bytes_total [1-9]/);
    await mend();
    expect((await get('')).body).toMatchObject({ storage: { ...ANSWERED, state: 'ready' } });
    expect(await readyz()).toMatchObject({ status: 200 });
    expect(await metrics()).toContain('\nbusbar_storage_up 1\n');
  });
});

test('a device that cannot write what is left says so when it is closed, and takes no writes then', async () => {
  const { device, send, fail, get } = await kept('interval');
  device.unit(1).holdingRegisters.set(0, 7);
  fail();
  await expect(device.close()).rejects.toMatchObject({ code: 'STORE_FAILED' });
  expect((await send('PUT', 'units/1/points/setpoint', { value: 8 })).body).toMatchObject({
    status: 503,
    detail: 'unit 1 (boiler) takes no writes now: the store is closed',
  });
  expect((await get('')).body).toMatchObject({ storage: { state: 'closed' } });
});

test('a device that is not kept says so', async () => {
  const folder = folderWith({ 'plant.yaml': 'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1 }]' });
  onTestFinished(() => folder[Symbol.dispose]());
  const device = await loadDevice(join(folder.path, 'plant.yaml'));
  await using _ = device;
  const { get } = await serveApi(device);
  expect((await get('')).body).toMatchObject({ storage: null, sharing: null });
});
