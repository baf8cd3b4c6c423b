import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OptionsError } from 'busbar';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, type Device, loadDevice, OpenError } from '../src/index.js';
import { ask, connected, request } from './helpers/client.js';
import { folderWith } from './helpers/files.js';
import { takenPort } from './helpers/taken-port.js';

const READ = '0300000001';
const CONFIG = `listen: [{ type: tcp, port: 0 }]
units:
  - { id: 1, name: boiler, points: { flow: { at: holding 0, type: int16, scale: 0.1, value: 65 } } }
  - { id: 2, name: meter, points: { power: { at: input 0, value: 7, simulate: { count: { from: 7, every: 1s } } } } }
`;

function file(text = CONFIG): string {
  const folder = folderWith({ 'boiler.yaml': text });
  onTestFinished(() => folder[Symbol.dispose]());
  return join(folder.path, 'boiler.yaml');
}

async function loaded(text?: string, options?: Parameters<typeof loadDevice>[1]): Promise<Device> {
  const device = await loadDevice(file(text), options);
  onTestFinished(() => device.close());
  return device;
}

function portOf(device: Device, place = 0): number {
  return (device.servers[place].address() as AddressInfo).port;
}

describe('a device of a config', () => {
  test('has its units and servers, and listens when it is started', async () => {
    const device = await loaded();
    expect(device.units.map(({ name }) => name)).toEqual(['boiler', 'meter']);
    expect(device.servers.map(({ listening }) => listening)).toEqual([false]);
    device.unit('boiler').points.flow.value = 70;
    expect(await device.start()).toBe(device);
    expect(await ask(portOf(device), 1, READ)).toBe('030202bc');
    const closed = once(device, 'closed');
    await device.close();
    expect(await closed).toEqual([device.boundServers[0]]);
    expect(device.servers.map(({ listening }) => listening)).toEqual([false]);
  });

  test('tells its units by name and by id, and says which there are', async () => {
    const device = await loaded(`${CONFIG}  - { id: 9 }\n`);
    expect([device.unit('meter'), device.unit(9)]).toEqual([device.units[1], device.units[2]]);
    expect(() => device.unit('boilr')).toThrow('no unit is "boilr": there are "boiler", "meter", 9');
    expect(() => device.unit(3)).toThrow('no unit is 3');
  });

  test('moves its points, and time can be made to pass', async () => {
    const device = await loaded();
    device.simulator.advance('10s');
    expect(device.unit('meter').points.power.value).toBe(17);
  });

  test('has listeners of the program in place of those of the file', async () => {
    const device = await loaded(undefined, { listen: [{ type: 'tcp', port: 0, framing: 'rtu' }] });
    expect(device.boundServers.map(({ listener }) => listener)).toEqual([{ type: 'tcp', port: 0, framing: 'rtu' }]);
  });

  test('is closed at the end of a block', async () => {
    let server: Device['servers'][number];
    {
      await using device = await loaded();
      await device.start();
      server = device.servers[0];
      expect(server.listening).toBe(true);
    }
    expect(server.listening).toBe(false);
  });

  test('is started only once', async () => {
    const device = await loaded();
    await device.start();
    await expect(device.start()).rejects.toThrow('the device is started already');
    await device.close();
    await expect(device.start()).rejects.toThrow('the device is closed already');
    await expect(device.reload()).rejects.toThrow('the device is closed already');
  });

  test('listens nowhere if one of its places is taken, and says which', async () => {
    await using taken = await takenPort();
    const device = await loaded(
      CONFIG.replace('port: 0 }', `port: 0 }, { type: tcp, port: ${taken.port}, name: second }`),
    );
    const failure = await device.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenError);
    expect(failure).toMatchObject({ code: 'EADDRINUSE', listener: `tcp 127.0.0.1:${taken.port} (second)` });
    expect(device.servers.map(({ listening }) => listening)).toEqual([false, false]);
  });

  test('tells when its last server has ended by itself', async () => {
    const device = await loaded();
    await device.start();
    const ended = once(device, 'ended');
    await device.servers[0].close();
    await ended;
  });
});

describe('a config that is wrong', () => {
  test('has all its problems in a ConfigError, with their places', async () => {
    const failure = await loadDevice(file('units:\n  - { id: 1, coil: [] }\n  - { id: 999 }\n')).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    const { problems } = failure as ConfigError;
    expect(problems.map(({ line, key }) => [line, key])).toEqual([
      [2, 'units[0].coil'],
      [3, 'units[1].id'],
    ]);
  });

  test('is refused when it is not there, and so are wrong listeners of the program', async () => {
    await expect(loadDevice('/nowhere/boiler.yaml')).rejects.toBeInstanceOf(ConfigError);
    await expect(loadDevice(file(), { listen: [{ type: 'tcp', port: -1 }] })).rejects.toBeInstanceOf(OptionsError);
  });
});

describe('a device that is loaded again', () => {
  test('resolves with what has changed, and keeps units and servers that are the same', async () => {
    const device = await loaded();
    await device.start();
    const [boiler, meter] = device.units;
    const [server] = device.servers;
    const socket = await connected(portOf(device));
    writeFileSync(device.file ?? '', CONFIG.replace('value: 65', 'value: 60'));
    const reloaded = once(device, 'reloaded');
    const changes = await device.reload();
    expect(await reloaded).toEqual([changes]);
    expect(changes).toMatchObject({
      units: { added: [], changed: [device.units[0]], removed: [] },
      behaviours: [],
      listeners: { opened: [], closed: [] },
      restart: [],
    });
    expect(device.units[0]).not.toBe(boiler);
    expect([device.units[1], device.servers[0]]).toEqual([meter, server]);
    expect(await request(socket, 1, READ)).toBe('03020258');
    socket.destroy();
  });

  test('tells of listeners before they open, and when they have closed', async () => {
    const device = await loaded();
    await device.start();
    const told: string[] = [];
    device.on('added', ({ server }) => told.push(`added ${server.listening}`));
    device.on('listening', ({ name }) => told.push(`listening ${name.replace(/:\d+/, '')}`));
    device.on('closed', ({ name }) => told.push(`closed ${name.replace(/:\d+/, '')}`));
    writeFileSync(device.file ?? '', CONFIG.replace('port: 0', 'port: 0, name: new, framing: rtu'));
    await device.reload();
    await device.close();
    expect(told).toEqual([
      'added false',
      'listening tcp 127.0.0.1 (new)',
      'closed tcp 127.0.0.1',
      'closed tcp 127.0.0.1 (new)',
    ]);
  });

  test('lives otherwise where only behaviour has changed, with the same units', async () => {
    const device = await loaded();
    device.simulator.advance('3s');
    const before = [...device.units];
    writeFileSync(device.file ?? '', CONFIG.replace('every: 1s', 'by: 5, every: 1s'));
    const { units, behaviours } = await device.reload();
    expect({ units, behaviours }).toEqual({
      units: { added: [], changed: [], removed: [] },
      behaviours: [device.unit('meter')],
    });
    expect(device.units).toEqual(before);
    const at = Number(device.unit('meter').points.power.value);
    device.simulator.advance('2s');
    expect(device.unit('meter').points.power.value).toBe(at + 10);
  });

  test('takes another speed at once, and names what needs a restart', async () => {
    const device = await loaded(`simulation: { seed: 1, speed: 2 }\n${CONFIG}`);
    writeFileSync(device.file ?? '', `simulation: { seed: 2, speed: 60, tick: 1s }\nmodule: ./extra.mjs\n${CONFIG}`);
    expect((await device.reload()).restart).toEqual(['module', 'simulation.seed', 'simulation.tick']);
    expect(device.simulator.speed).toBe(60);
  });

  test('stays as it was if the file is wrong', async () => {
    const device = await loaded();
    const before = [...device.units];
    writeFileSync(device.file ?? '', 'units: 7');
    await expect(device.reload()).rejects.toBeInstanceOf(ConfigError);
    expect(device.units).toEqual(before);
    writeFileSync(device.file ?? '', CONFIG);
    expect((await device.reload()).units.changed).toEqual([]);
  });

  test('does one thing after the other', async () => {
    const device = await loaded();
    const path = device.file ?? '';
    const started = device.start();
    writeFileSync(path, CONFIG.replace('value: 65', 'value: 60'));
    const [first, second] = [device.reload(), device.reload()];
    const closed = device.close();
    await started;
    expect((await first).units.changed).toHaveLength(1);
    expect((await second).units.changed).toHaveLength(0);
    await closed;
    expect(device.servers[0].listening).toBe(false);
  });
});
