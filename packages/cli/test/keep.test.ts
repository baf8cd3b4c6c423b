import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unit } from 'busbar';
import { levelStore } from 'busbar/storage';
import { Simulator } from 'busbar-simulator';
import { ClassicLevel } from 'classic-level';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { Lasting } from '../src/device/lasting.js';
import { loadDevice } from '../src/index.js';
import { ask } from './helpers/client.js';
import { busbar, type Entry, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const READ_2 = '0300000002';

const config = (keep: string, units: string) => `listen: [{ type: tcp, port: 0 }]
${keep === '' ? '' : `keep: ${keep}\n`}units:
${units}`;

const UNITS = `  - { id: 1, name: boiler, holdingRegisters: [{ start: 0, values: [20, 21, 22] }], coils: [{ start: 0, count: 8 }] }
  - { id: 2, keep: false, holdingRegisters: [{ start: 0, values: [7] }] }
`;

const DURABLE = config('{ in: ./state, mode: durable }', UNITS);

/** A folder with a config, in which the command is started as often as wanted. */
function plant(text = DURABLE) {
  const folder = folderWith({ 'plant.yaml': text });
  onTestFinished(() => folder[Symbol.dispose]());
  return {
    path: folder.path,
    state: join(folder.path, 'state'),
    write: (next: string) => writeFileSync(join(folder.path, 'plant.yaml'), next),
    async serve(...args: string[]) {
      const { serving, ports, before } = await Serving.start(['--config', 'plant.yaml', ...args], folder.path);
      onTestFinished(() => serving[Symbol.asyncDispose]());
      return { serving, before, port: ports[0], ask: (pdu: string, unit = 1) => ask(ports[0], unit, pdu) };
    },
    /** Runs it to its end. */
    run: (...args: string[]) => busbar(['serve', '--config', 'plant.yaml', ...args], { cwd: folder.path }),
  };
}

const messagesOf = (entries: Entry[], event: string) =>
  entries.filter((entry) => entry.event === event).map(({ message }) => message);

describe('busbar serve with keep', () => {
  test('has the values again after kill -9, and says so', async () => {
    const { serve } = plant();
    const first = await serve();
    expect(messagesOf(first.before, 'kept')).toEqual(['values of 1 unit kept in ./state, durable; none restored']);
    expect(await first.ask('06000002bc')).toBe('06000002bc');
    expect(await first.ask('050003ff00')).toBe('050003ff00');
    expect(await first.ask('06000002bc', 2)).toBe('06000002bc');
    await first.serving.stop('SIGKILL');
    const second = await serve();
    expect(messagesOf(second.before, 'kept')).toEqual(['values of 1 unit kept in ./state, durable; 2 values restored']);
    expect(await second.ask(READ_2)).toBe('030402bc0015');
    expect(await second.ask('0100000008')).toBe('010108');
    expect(await second.ask('0300000001', 2)).toBe('03020007');
  });

  test('writes what is left when it is stopped', async () => {
    const { serve } = plant(config('{ in: ./state, interval: 1h }', UNITS));
    const first = await serve();
    await first.ask('06000002bc');
    expect(await first.serving.stop('SIGTERM')).toMatchObject({ code: 0 });
    const second = await serve();
    expect(messagesOf(second.before, 'kept')).toEqual([
      'values of 1 unit kept in ./state, at intervals; 1 value restored',
    ]);
    expect(await second.ask(READ_2)).toBe('030402bc0015');
  });

  test('keeps the initial values of the config where nothing was written', async () => {
    const { serve, write } = plant();
    const first = await serve();
    await first.ask('06000002bc');
    await first.serving.stop('SIGTERM');
    write(DURABLE.replace('[20, 21, 22]', '[30, 31, 32]'));
    expect(await (await serve()).ask(READ_2)).toBe('030402bc001f');
  });

  test('is refused while another process has the folder, by its name', async () => {
    const { serve, run, state } = plant();
    const first = await serve();
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `busbar: another process uses the store ${state}: end it, or name another\n`,
    });
    expect(await first.ask(READ_2)).toBe('030400140015');
  });

  test('forgets with --reset, and says so', async () => {
    const { serve } = plant();
    const first = await serve();
    await first.ask('06000002bc');
    await first.serving.stop('SIGTERM');
    const second = await serve('--reset');
    expect(messagesOf(second.before, 'storeReset')).toEqual([
      'what was kept in ./state is forgotten, as --reset asks for it',
    ]);
    expect(await second.ask(READ_2)).toBe('030400140015');
    await second.serving.stop('SIGKILL');
    expect(await (await serve()).ask(READ_2)).toBe('030400140015');
  });

  test('says what no longer fits', async () => {
    const { serve, write } = plant();
    const first = await serve();
    await first.ask('10000000030600010002000300');
    await first.ask('100000000306000100020003');
    await first.ask('050003ff00');
    await first.serving.stop('SIGTERM');
    write(config('{ in: ./state }', '  - { id: 1, name: boiler, holdingRegisters: [{ start: 0, count: 1 }] }\n'));
    const second = await serve();
    expect(messagesOf(second.before, 'dropped')).toEqual([
      'unit 1 (boiler): what was kept of coil 3 (00004) is forgotten, as the unit has it no more',
      'unit 1 (boiler): what was kept of holding registers 1..2 (40002..40003) is forgotten, as the unit has it no more',
    ]);
    expect(await second.ask('0300000001')).toBe('03020001');
  });

  test('lets counters go on', async () => {
    const { serve } = plant(
      config(
        '{ in: ./state, mode: durable }',
        '  - { id: 1, points: { pulses: { at: holding 0, simulate: { count: { from: 5, every: 1000d } } } } }\n',
      ),
    );
    const first = await serve();
    expect(await first.ask('0300000001')).toBe('03020005');
    await first.ask('06000002bc');
    await first.serving.stop('SIGTERM');
    expect(await (await serve()).ask('0300000001')).toBe('030202bc');
  });

  test('may be asked for on the command line', async () => {
    const { serve, state } = plant(config('', UNITS));
    const first = await serve('--keep', 'state');
    await first.ask('06000002bc');
    await first.serving.stop('SIGTERM');
    expect(existsSync(state)).toBe(true);
    expect(await (await serve('--keep', state)).ask(READ_2)).toBe('030402bc0015');
    expect(await (await serve()).ask(READ_2)).toBe('030400140015');
  });

  test('shows it in the banner', async () => {
    const { path } = plant();
    await using serving = Serving.pretty(['--config', 'plant.yaml'], path);
    expect(await serving.textUntil('Ctrl-C stops')).toContain(
      '\n  values of 1 unit kept in ./state, durable; none restored\n',
    );
  });
});

test('a stop does not wait for ever for a disk that does not answer, and says what is not kept', async () => {
  const { path } = plant(config('{ in: ./state, interval: 1h }', UNITS));
  // Nothing is ever written, once the store is there.
  const hanging = `import { ClassicLevel } from ${JSON.stringify(import.meta.resolve('classic-level'))};
const { batch } = ClassicLevel.prototype;
let calls = 0;
ClassicLevel.prototype.batch = function (...args) {
  return calls++ === 0 ? batch.apply(this, args) : new Promise(() => undefined);
};
`;
  writeFileSync(join(path, 'hanging.mjs'), hanging);
  const options = { nodeOptions: ['--import', join(path, 'hanging.mjs')] };
  const { serving, ports } = await Serving.start(['--config', 'plant.yaml'], path, options);
  await using _ = serving;
  expect(await ask(ports[0], 1, '06000002bc')).toBe('06000002bc');
  const { code, stdout } = await serving.stop('SIGTERM');
  expect(code).toBe(1);
  expect(stdout).toContain('the store has not written within 5000 ms; what has changed last in unit 1 is not kept');
});

describe('a store is refused', () => {
  test('if it is damaged', async () => {
    const { serve, run, state } = plant();
    const first = await serve();
    await first.ask('06000002bc');
    await first.serving.stop('SIGTERM');
    for (const name of readdirSync(state)) if (/^MANIFEST/.test(name)) truncateSync(join(state, name), 4);
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `busbar: the store ${state} is damaged: put back a copy, or move it away to start without it`,
    );
  });

  test('if the folder has files of something else', async () => {
    const { run } = plant(config('{ in: . }', UNITS));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^busbar: .* has files that are no store of Busbar, such as plant\.yaml: name another folder\n$/,
    );
  });

  // Not even root can make the last two; in the first of them, Node.js would try for ever.
  test.each(['plant.yaml/state', '/proc/busbar', '/sys/busbar'])('if its folder cannot be made: %s', async (folder) => {
    const { run } = plant();
    const { code, stderr } = await run('--keep', folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^busbar: the folder \S+ of the store cannot be made: E.*\n$/);
  });

  test('if a newer version has made it', async () => {
    const { run, state } = plant();
    const store = levelStore(new ClassicLevel(state));
    for await (const _ of store.entries()) throw new Error('it is not empty');
    await store.put(new Map([['busbar', new TextEncoder().encode('{"format":99}')]]), { sync: true });
    await store.close();
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('a newer version of Busbar made the store: it has format 99');
  });
});

describe('the command line is refused', () => {
  test.each([
    [['--reset'], '--reset has nothing to forget: nothing is kept without keep in the config, or --keep'],
    [['--keep', ''], '--keep needs a value'],
    [['--reset', '--check'], '--check starts nothing, so that there is nothing to --reset'],
  ])('%s', async (args, problem) => {
    const { run } = plant(config('', UNITS));
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(`busbar: ${problem}\n`) });
  });

  test('--keep beside share', async () => {
    const { run } = plant(`share: { redis: "redis://127.0.0.1", image: a }\n${config('', UNITS)}`);
    expect(await run('--keep', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'busbar: --keep and the share of the config exclude each other: an image lasts in',
      ),
    });
    expect(await run('--reset')).toMatchObject({ code: 2, stderr: expect.stringContaining('{busbar:a:') });
  });
});

describe('a reload', () => {
  const reload = async (serving: Serving, event = 'reloaded') => {
    serving.child.kill('SIGHUP');
    return await serving.next(event);
  };

  test('keeps units that come, and those that change with the values that they have', async () => {
    const { serve, write } = plant();
    const first = await serve();
    await first.ask('06000002bc');
    await first.ask('0600010001');
    write(`${DURABLE.replace('[20, 21, 22]', '[20, 99, 22, 23]')}  - { id: 3, coils: [{ start: 0, count: 8 }] }\n`);
    await reload(first.serving);
    expect(await first.ask('0300000004')).toBe('030802bc006300160017');
    expect(await first.ask('0600030007')).toBe('0600030007');
    expect(await first.ask('050001ff00', 3)).toBe('050001ff00');
    await first.serving.stop('SIGKILL');
    const second = await serve();
    expect(messagesOf(second.before, 'kept')).toEqual([expect.stringContaining('values of 2 units')]);
    expect(await second.ask('0300000004')).toBe('030802bc006300160007');
    expect(await second.ask('0100000008', 3)).toBe('010102');
  });

  test('releases units that go; what was kept is there when they come back', async () => {
    const { serve, write } = plant();
    const first = await serve();
    await first.ask('06000002bc');
    write(
      config(
        '{ in: ./state, mode: durable }',
        '  - { id: 2, keep: false, holdingRegisters: [{ start: 0, values: [7] }] }\n',
      ),
    );
    await reload(first.serving);
    expect(await first.ask(READ_2)).toBe('830b');
    write(DURABLE);
    await reload(first.serving);
    expect(await first.ask(READ_2)).toBe('030402bc0015');
  });

  test('says what only a restart applies', async () => {
    const { serve, write } = plant();
    const { serving } = await serve();
    write(DURABLE.replace('mode: durable', 'mode: interval').replace('keep: false', 'keep: true'));
    serving.child.kill('SIGHUP');
    const keys = [await serving.next('restartNeeded'), await serving.next('restartNeeded')].map(({ key }) => key);
    expect(keys).toEqual(['keep', 'units[1].keep']);
  });
});

test('a reload that takes a unit away is made, though the store has failed', async () => {
  const { path, write } = plant();
  const device = await loadDevice(join(path, 'plant.yaml'));
  onTestFinished(() => device.close());
  await device.start();
  const batch = vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValue(new Error('no space'));
  onTestFinished(() => batch.mockRestore());
  device.unit('boiler').holdingRegisters.set(0, 700);
  write(config('{ in: ./state, mode: durable }', UNITS.split('\n')[1]));
  expect((await device.reload()).units.removed.map(({ id }) => id)).toEqual([1]);
  expect([device.storage?.state, device.units.length]).toEqual(['failing', 1]);
});

test('a start that fails to forget what was kept leaves the folder to others', async () => {
  const { path } = plant();
  const file = join(path, 'plant.yaml');
  const first = await loadDevice(file);
  await first.start();
  first.unit('boiler').holdingRegisters.set(0, 700);
  await first.close();
  const batch = vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValue(new Error('no space'));
  onTestFinished(() => batch.mockRestore());
  const second = new Lasting(new Simulator());
  await expect(second.open(parseConfig(DURABLE, file), true)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  await second.close();
  batch.mockRestore();
  await using third = await loadDevice(file);
  await third.start();
  expect(third.unit('boiler').holdingRegisters.get(0)).toBe(700);
});

test('a device in a program keeps, too', async () => {
  const { path } = plant();
  const load = () => loadDevice(join(path, 'plant.yaml'));
  const device = await load();
  expect(device.storage).toBeUndefined();
  await device.start();
  expect(device.storage?.state).toBe('ready');
  device.unit('boiler').holdingRegisters.set(0, 700);
  await device.close();
  expect(device.storage?.state).toBe('closed');
  await using next = await load();
  await next.start();
  expect(next.unit('boiler').holdingRegisters.get(0)).toBe(700);
  await expect(load().then((third) => third.start())).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  expect(next.unit('boiler')).toBeInstanceOf(Unit);
});
