import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { request } from '../helpers/client.js';
import { serveApi } from './helpers/api.js';
import { BOILER, clientOf, deviceOf } from './helpers/device.js';

async function served(text?: string) {
  const device = await deviceOf(text);
  const api = await serveApi(device);
  const wait = (body: object) => api.send('POST', 'wait', { timeout: '5m', ...body });
  return { device, api, boiler: device.units[0], wait };
}

/** Resolves when somebody listens to such events of the unit. */
async function heard(unit: Unit, event: 'pointChange' | 'change'): Promise<void> {
  while (unit.listenerCount(event) === 0) await setImmediate();
}

describe('waiting', () => {
  test.each([
    [{ point: 'flow', until: { above: 70 } }, 'flow', 71, { value: 71, text: '71.0 °C', count: 1 }],
    [{ point: 'flow', until: { below: 10 } }, 'flow', -5, { value: -5, start: 0, table: 'holdingRegisters' }],
    [{ point: 'flow', until: { equals: 70.5 } }, 'flow', 70.5, { value: 70.5 }],
    [{ point: 'mode', until: { equals: 'hand' } }, 'mode', 'hand', { value: 'hand' }],
    [{ point: 'mode', until: { changes: true } }, 'mode', 'off', { value: 'off' }],
    [{ point: 'pump', until: { equals: false } }, 'pump', false, { value: false, text: 'off' }],
    [{ point: 'alarms', until: { equals: ['no flow'] } }, 'alarms', ['no flow'], { value: ['no flow'] }],
    [{ point: 'alarm', until: { changes: true } }, 'alarm', true, { value: true }],
    [{ point: 'total', until: { equals: '9007199254740993' } }, 'total', 2n ** 53n + 1n, { value: '9007199254740993' }],
    [{ point: 'total', until: { above: '9007199254740992' } }, 'total', 2n ** 53n + 1n, { value: '9007199254740993' }],
    [{ point: 'energy', until: { equals: 'NaN' } }, 'energy', Number.NaN, { value: 'NaN' }],
    [{ point: 'serialNo', until: { equals: 'B-7' } }, 'serialNo', 'B-7', { value: 'B-7' }],
  ])('for %j ends when it is so', async (asked, name, value, expected) => {
    const { boiler, wait } = await served();
    const answer = wait({ unit: 'boiler', ...asked });
    await heard(boiler, 'pointChange');
    boiler.points[name].value = value;
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(body).toMatchObject({ unit: 1, point: name, by: 'program', ...expected });
  });

  test('ends at once for what is so already', async () => {
    const { wait } = await served();
    const { body } = await wait({ unit: 1, point: 'flow', until: { above: 60 } });
    expect(body).toMatchObject({ value: 65, by: null });
    expect((await wait({ unit: 1, table: 'coils', start: 3, until: { equals: true } })).body.by).toBeNull();
  });

  test("sees a client's write of the same value, and by whom", async () => {
    const { device, boiler, wait } = await served();
    const answers = [
      wait({ unit: 1, point: 'setpoint', until: { written: true } }),
      wait({ unit: 1, table: 'holdingRegisters', start: 0, count: 2, until: { written: true } }),
    ];
    await heard(boiler, 'pointChange');
    await heard(boiler, 'change');
    boiler.points.setpoint.value = 40;
    const client = await clientOf(device);
    await request(client, 1, '0600010190');
    for (const { body } of await Promise.all(answers)) expect(body.by).toBe(`127.0.0.1:${client.localPort}`);
    expect((await answers[1]).body).toMatchObject({ start: 0, count: 2, value: [650, 400] });
  });

  test('sees a value that is there for a moment only', async () => {
    const { boiler, wait } = await served();
    const answer = wait({ unit: 1, point: 'flow', until: { above: 90 } });
    await heard(boiler, 'pointChange');
    boiler.points.flow.value = 95;
    boiler.points.flow.value = 20;
    expect((await answer).body.value).toBe(95);
  });

  test.each([
    [{ start: 100, until: { above: 7 } }, [8], [8]],
    [{ start: 100, count: 2, until: { equals: [1, 2] } }, [1, 2], [1, 2]],
    [{ start: 100, type: 'int32', until: { below: 0 } }, [0xffff, 0xfffe], [-2]],
    [{ start: 100, type: 'float32', order: 'CDAB', until: { equals: 21.5 } }, [0, 0x41ac], [21.5]],
    [{ start: 99 + 2, until: { changes: true } }, [0, 5], [5]],
  ])('for the registers %j ends when they are so', async (asked, registers, value) => {
    const { boiler, wait } = await served();
    const answer = wait({ unit: 1, table: 'holdingRegisters', ...asked });
    await heard(boiler, 'change');
    boiler.holdingRegisters.set(102, 9);
    boiler.holdingRegisters.set(100, registers);
    expect((await answer).body).toMatchObject({ table: 'holdingRegisters', start: asked.start, value });
  });

  test('sees changes of shared memory by any name', async () => {
    const { boiler, wait } = await served(
      'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1, shared: true, holdingRegisters: [{ start: 0, count: 4 }] }]\n',
    );
    const answers = [
      wait({ unit: 1, table: 'coils', start: 17, until: { equals: true } }),
      wait({ unit: 1, table: 'inputRegisters', start: 1, until: { changes: true } }),
    ];
    while (boiler.listenerCount('change') < 2) await setImmediate();
    boiler.holdingRegisters.set(1, 2);
    expect((await Promise.all(answers)).map(({ body }) => body.value)).toEqual([[true], [2]]);
  });

  test('goes on with the unit that a reload has brought', async () => {
    const { device, boiler, wait } = await served();
    const answer = wait({ unit: 1, point: 'flow', until: { above: 90 } });
    await heard(boiler, 'pointChange');
    writeFileSync(device.file ?? '', BOILER.replace('value: 65', 'value: 66'));
    await device.reload();
    expect(boiler.listenerCount('pointChange')).toBe(0);
    device.unit('boiler').points.flow.value = 95;
    expect((await answer).body.value).toBe(95);
    expect(device.unit('boiler').listenerCount('pointChange')).toBe(0);
  });

  test('ends when a reload has removed the point', async () => {
    const { device, boiler, wait } = await served();
    const answer = wait({ unit: 1, point: 'digits', until: { changes: true } });
    await heard(boiler, 'pointChange');
    writeFileSync(device.file ?? '', BOILER.replace(/.*digits.*\n/, ''));
    await device.reload();
    expect((await answer).status).toBe(404);
  });

  test('is 408 when the time is over, and says what there is instead', async () => {
    const { boiler, wait } = await served();
    const { status, body } = await wait({ unit: 1, point: 'flow', until: { above: 80 }, timeout: '1ms' });
    expect(status).toBe(408);
    expect(body.detail).toBe('flow was not above 80 within 1ms; it is 65.0 °C');
    const range = await wait({
      unit: 2,
      table: 'inputRegisters',
      start: 0,
      until: { changes: true },
      timeout: '0.1ms',
    });
    expect(range.body.detail).toBe('input register 0 (30001) was not changed within 0.1ms; it is [0]');
    expect(boiler.listenerCount('pointChange')).toBe(0);
  });

  test('ends when nobody waits any more', async () => {
    const { api, boiler } = await served();
    const body = JSON.stringify({ unit: 1, point: 'flow', until: { above: 80 }, timeout: '5m' });
    const socket = connect(api.port, '127.0.0.1');
    socket.write(
      `POST /api/v1/wait HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await heard(boiler, 'pointChange');
    socket.destroy();
    await once(socket, 'close');
    while (boiler.listenerCount('pointChange') > 0) await setImmediate();
  });

  test.each([
    [{ unit: 9, point: 'flow', until: { above: 1 } }, 404, 'there is no unit 9'],
    [{ unit: 1, point: 'flwo', until: { above: 1 } }, 404, 'has no point "flwo"'],
    [{ unit: 1, table: 'coils', start: 50, until: { changes: true } }, 404, 'coils'],
    [{ unit: 1, until: { above: 1 } }, 400, 'expected either a point, or a table'],
    [{ unit: 1, point: 'flow', until: {} }, 400, 'exactly one of equals, above'],
    [{ unit: 1, point: 'flow', until: { above: 1, below: 2 } }, 400, 'exactly one of equals, above'],
    [{ unit: 1, point: 'flow', until: { over: 1 } }, 400, 'until.over'],
    [{ unit: 1, point: 'flow', table: 'coils', until: { above: 1 } }, 400, 'expected either a point, or a table'],
    [{ unit: 1, point: 'flow', until: { above: 'much' } }, 422, 'until.above: expected a number, found "much"'],
    [{ unit: 1, point: 'mode', until: { above: 1 } }, 422, 'mode is not one number'],
    [{ unit: 1, point: 'mode', until: { equals: 'atuo' } }, 422, 'expected one of the labels for mode, found "atuo"'],
    [{ unit: 1, point: 'flow', until: { equals: 'much' } }, 422, 'expected a number for flow'],
    [{ unit: 1, point: 'pump', until: { equals: 1 } }, 422, 'expected true or false for pump'],
    [{ unit: 1, point: 'alarms', until: { equals: 'dry' } }, 422, 'expected a list of labels'],
    [{ unit: 1, table: 'holdingRegisters', start: 100, count: 2, until: { equals: 1 } }, 422, 'expected 2 values'],
    [{ unit: 1, table: 'holdingRegisters', start: 100, count: 2, until: { above: 1 } }, 422, 'is not one number'],
    [{ unit: 1, table: 'coils', start: 8, until: { equals: 1 } }, 422, 'expected true or false'],
    [{ unit: 1, point: 'flow', until: { above: 1 }, timeout: '5' }, 422, 'timeout'],
    [{ unit: 1, point: 'flow', until: { above: 1 }, timeout: '6m' }, 422, 'expected at most 5m, found 6m'],
  ])('for %j is refused', async (asked, status, detail) => {
    const { wait } = await served();
    const answer = await wait(asked);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(detail);
  });
});
