import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../interop/helpers/free-port.js';
import { ask, connected, exchange, request } from './helpers/client.js';
import { type Entry, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { takenPort } from './helpers/taken-port.js';

const READ_3 = '0300000003';

/** A config with one listener on a free port, and one unit. */
function config(registers: string, more = '', listen = '{ type: tcp, port: 0 }'): string {
  return `listen: [${listen}]\nunits:\n  - { id: 1, name: boiler, holdingRegisters: [${registers}]${more} }\n`;
}

const BOILER = config('{ start: 0, values: [20, 21, 22] }');

/** The command with a config that can be written again. */
async function serving(text: string, ...args: string[]) {
  const folder = folderWith({ 'boiler.yaml': text });
  const path = join(folder.path, 'boiler.yaml');
  const { serving, ports } = await Serving.start(['--config', 'boiler.yaml', ...args], folder.path);
  onTestFinished(async () => {
    await serving[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const write = (next: string) => writeFileSync(path, next);
  const reload = async (next: string, event = 'reloaded'): Promise<Entry> => {
    write(next);
    serving.child.kill('SIGHUP');
    return await serving.next(event);
  };
  return { serving, ports, folder: folder.path, path, write, reload };
}

async function client(port: number): Promise<Socket> {
  const socket = await connected(port);
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe('SIGHUP loads the config again', () => {
  test('without closing connections: values are kept, and what the file has changed applies', async () => {
    const { ports, reload } = await serving(BOILER);
    const socket = await client(ports[0]);
    await request(socket, 1, '06000002bc');
    const limits = ', access: { limits: [{ table: holdingRegisters, start: 0, count: 1, max: 800 }] }';
    const changed = config('{ start: 0, values: [20, 21, 99] }, { start: 100, count: 2, value: 7 }', limits);
    expect(await reload(changed)).toMatchObject({
      level: 'info',
      message: 'boiler.yaml is loaded again: unit 1 (boiler) changed',
      units: { added: [], changed: [{ id: 1, name: 'boiler' }], removed: [] },
      listeners: { opened: [], closed: [] },
    });
    // 700 was written, 21 has not changed, 99 is new in the file.
    expect(await request(socket, 1, READ_3)).toBe('030602bc00150063');
    expect(await request(socket, 1, '0300640002')).toBe('030400070007');
    expect(await request(socket, 1, '0600000384')).toBe('8603');
    expect(await request(socket, 1, '0600000320')).toBe('0600000320');
  });

  test('and says so where nothing has changed', async () => {
    const { reload } = await serving(BOILER);
    const entry = await reload(`# a comment\n${BOILER}`);
    expect(entry).toMatchObject({ message: 'boiler.yaml is loaded again: nothing has changed' });
  });

  test('with values of coils, files and queues kept where their initial ones are the same', async () => {
    const parts = (coil: boolean, record: number, queue: string, more = '') =>
      `, coils: [{ start: 0, values: [${coil}, false] }], files: [{ number: 4, start: 0, values: [5, ${record}] }]` +
      `, fifos: [{ pointer: 0, values: [${queue}] }]${more}`;
    const { ports, reload } = await serving(config('{ start: 0, count: 3 }', parts(false, 6, '1, 2')));
    const socket = await client(ports[0]);
    for (const pdu of ['0500010000', '050001ff00', '050000ff00', '150b06000400000002006400c8']) {
      await request(socket, 1, pdu);
    }
    await reload(config('{ start: 0, count: 3 }', parts(false, 7, '1, 2', ', exceptionStatus: 5')));
    expect(await request(socket, 1, '0100000002')).toBe('010103');
    expect(await request(socket, 1, '140706000400000002')).toBe('14060506' + '00640007');
    expect(await request(socket, 1, '180000')).toBe('180006000200010002');
    expect(await request(socket, 1, '07')).toBe('0705');
    await reload(config('{ start: 0, count: 3 }', parts(true, 7, '3', ', exceptionStatus: 5')));
    expect(await request(socket, 1, '180000')).toBe('18000400010003');
  });

  test('with units added, removed and put in another order, on a connection that stays', async () => {
    const { ports, reload } = await serving(BOILER);
    const socket = await client(ports[0]);
    const meter = '  - { id: 2, name: meter, holdingRegisters: [{ start: 0, values: [7, 8, 9] }] }\n';
    expect(await request(socket, 2, READ_3)).toBe('830b');
    const added = await reload(BOILER + meter);
    expect(added).toMatchObject({ message: 'boiler.yaml is loaded again: unit 2 (meter) added' });
    expect(await request(socket, 2, READ_3)).toBe('0306000700080009');
    await request(socket, 2, '060000002a');
    await reload(BOILER.replace('units:\n', `units:\n${meter}`));
    expect(await request(socket, 255, READ_3)).toBe('0306002a00080009');
    const removed = await reload(BOILER);
    expect(removed).toMatchObject({ units: { removed: [{ id: 2, name: 'meter' }] } });
    expect(await request(socket, 2, READ_3)).toBe('830b');
    expect(await request(socket, 1, READ_3)).toBe('0306001400150016');
  });

  test('while requests come all the time, each of which is answered', async () => {
    const { serving: command, ports, write } = await serving(BOILER);
    const socket = await client(ports[0]);
    let reloads = 0;
    const done = (async () => {
      for (; reloads < 10; reloads++) {
        write(config(`{ start: 0, values: [20, 21, 22] }, { start: 50, count: ${reloads + 1} }`));
        command.child.kill('SIGHUP');
        await command.next('reloaded');
      }
    })();
    while (reloads < 10) expect(await request(socket, 1, READ_3)).toBe('0306001400150016');
    await done;
    expect(await request(socket, 1, '0300320009')).toMatch(/^0312/);
  });

  test('as often as it is asked to, and always as the file is in the end', async () => {
    const { serving: command, ports, write } = await serving(BOILER);
    const socket = await client(ports[0]);
    for (let i = 0; i < 40; i++) {
      write(config(`{ start: 0, values: [20, 21, ${i}] }`));
      command.child.kill('SIGHUP');
    }
    write(config('{ start: 0, values: [20, 21, 500] }'));
    command.child.kill('SIGHUP');
    await expect.poll(() => request(socket, 1, READ_3)).toBe('03060014001501f4');
    expect(await command.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a config that is wrong', () => {
  test('is reported, and the device goes on as it was until it is mended', async () => {
    const { serving: command, ports, write, reload } = await serving(BOILER);
    const socket = await client(ports[0]);
    await request(socket, 1, '06000002bc');
    write('units:\n  - { id: 999 }\n  - { id: 1, coil: [] }\n');
    command.child.kill('SIGHUP');
    const entries = await command.until('reloadFailed');
    expect(entries.filter(({ event }) => event === 'config')).toMatchObject([
      { level: 'error', line: 2, key: 'units[0].id', message: expect.stringMatching(/^boiler\.yaml:2:11: units/) },
      { level: 'error', line: 3, key: 'units[1].coil' },
    ]);
    expect(entries.at(-1)).toMatchObject({
      level: 'error',
      message: 'boiler.yaml is not loaded again: 2 problems; the device goes on as it was',
    });
    expect(await request(socket, 1, READ_3)).toBe('030602bc00150016');
    await reload(config('{ start: 0, values: [20, 21, 23] }'));
    expect(await request(socket, 1, READ_3)).toBe('030602bc00150017');
  });

  test('may be one that is gone', async () => {
    const { serving: command, ports, path, reload } = await serving(BOILER);
    rmSync(path);
    command.child.kill('SIGHUP');
    expect(await command.next('config')).toMatchObject({
      message: "boiler.yaml: can't be read: there is no such file",
    });
    await command.next('reloadFailed');
    expect(await ask(ports[0], 1, READ_3)).toBe('0306001400150016');
    await reload(BOILER);
  });

  test('may be one that is only doubtful: the log has the same warnings as at the start', async () => {
    const { serving: command, reload } = await serving(BOILER);
    const reference = config('{ start: 40001, count: 3 }', '', '{ type: tcp, port: 0, units: [boiler] }');
    await reload(`${reference}  - { id: 2, name: spare }\n`);
    expect(await command.next('config')).toMatchObject({ level: 'warn', message: expect.stringContaining('40001') });
    expect(await command.next('unserved')).toMatchObject({ level: 'warn', unit: 2, unitName: 'spare' });
  });
});

describe('listeners of a config that is loaded again', () => {
  const two = (first: string, second: string) => config('{ start: 0, values: [1, 2, 3] }', '', `${first}, ${second}`);

  test('are opened and closed as the file says, and others keep their clients', async () => {
    const { ports, reload } = await serving(two('{ type: tcp, port: 0 }', '{ type: tcp, port: 0, name: old }'));
    const [stays, goes] = [await client(ports[0]), await client(ports[1])];
    const closed = once(goes, 'end');
    goes.resume();
    const entry = await reload(two('{ type: tcp, port: 0 }', '{ type: tcp, port: 0, framing: rtu, name: new }'));
    expect(entry).toMatchObject({
      message: expect.stringMatching(/^boiler\.yaml is loaded again: tcp \S+ \(new\) opened, tcp \S+ \(old\) closed$/),
    });
    await closed;
    const [opened] = (entry.listeners as { opened: string[] }).opened;
    const port = Number(/:(\d+)/.exec(opened)?.[1]);
    expect(await exchange(await client(port), '010300000001840a', 7)).toMatch(/^0103020001/);
    expect(await request(stays, 1, READ_3)).toBe('0306000100020003');
  });

  test('have other names and units without being closed', async () => {
    const units = '  - { id: 2, holdingRegisters: [{ start: 0, values: [7, 8, 9] }] }\n';
    const all = (listen: string) => config('{ start: 0, values: [1, 2, 3] }', '', listen) + units;
    const { serving: command, ports, reload } = await serving(all('{ type: tcp, port: 0 }'));
    const socket = await client(ports[0]);
    await reload(all('{ type: tcp, port: 0, units: [2], name: bus }'));
    expect(await request(socket, 1, READ_3)).toBe('830b');
    expect(await request(socket, 255, READ_3)).toBe('0306000700080009');
    socket.end();
    expect(await command.next('disconnect')).toMatchObject({ listener: `tcp 127.0.0.1:${ports[0]} (bus)` });
  });

  test('are opened anew in their place if something else of them has changed', async () => {
    const port = await freePort();
    const at = (more: string) => config('{ start: 0, values: [1, 2, 3] }', '', `{ type: tcp, port: ${port}${more} }`);
    const { reload } = await serving(at(''));
    const goes = await client(port);
    const closed = once(goes, 'end');
    goes.resume();
    await request(goes, 1, '060000002a');
    const entry = await reload(at(', functions: [3]'));
    expect(entry).toMatchObject({ message: `boiler.yaml is loaded again: tcp 127.0.0.1:${port} opened anew` });
    await closed;
    const socket = await client(port);
    expect(await request(socket, 1, READ_3)).toBe('0306002a00020003');
    expect(await request(socket, 1, '060000002a')).toBe('8601');
  });

  test('on a port in use leave everything as it was', async () => {
    await using taken = await takenPort();
    const { ports, reload } = await serving(BOILER);
    const socket = await client(ports[0]);
    const next = config(
      '{ start: 0, values: [9, 9, 9] }',
      '',
      `{ type: tcp, port: 0 }, { type: tcp, port: ${taken.port} }`,
    );
    expect(await reload(next, 'reloadFailed')).toMatchObject({
      level: 'error',
      code: 'EADDRINUSE',
      listener: `tcp 127.0.0.1:${taken.port}`,
      message: expect.stringMatching(/^boiler\.yaml is not loaded again: .*; the device goes on as it was$/),
    });
    expect(await request(socket, 1, READ_3)).toBe('0306001400150016');
  });

  test('are put back if one that needs their place cannot be opened', async () => {
    const port = await freePort();
    const blocker = createServer().listen(port, '127.0.0.2');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const at = (host: string) =>
      config('{ start: 0, values: [1, 2, 3] }', '', `{ type: tcp, host: ${host}, port: ${port} }`);
    const { reload } = await serving(at('127.0.0.1'));
    expect(await reload(at('0.0.0.0'), 'reloadFailed')).toMatchObject({ code: 'EADDRINUSE' });
    expect(await ask(port, 1, READ_3)).toBe('0306000100020003');
    blocker.close();
    await reload(at('0.0.0.0'));
    expect(await ask(port, 1, READ_3)).toBe('0306000100020003');
  });

  test('of the command line stay, whatever the file lists', async () => {
    const { ports, reload } = await serving(BOILER, '--tcp', '127.0.0.1:0');
    const socket = await client(ports[0]);
    const next = config('{ start: 0, values: [20, 21, 99] }', '', '{ type: udp, port: 0 }');
    expect(await reload(next)).toMatchObject({ listeners: { opened: [], closed: [] } });
    expect(await request(socket, 1, READ_3)).toBe('0306001400150063');
  });
});

describe('--watch', () => {
  const CHANGED = config('{ start: 0, values: [20, 21, 99] }');

  test('loads the config again when it is written', async () => {
    const { serving: command, ports, write } = await serving(BOILER, '--watch');
    const socket = await client(ports[0]);
    write(CHANGED);
    await command.next('reloaded');
    expect(await request(socket, 1, READ_3)).toBe('0306001400150063');
  });

  test('loads it when an editor puts another file in its place, or removes it for a while', async () => {
    const { serving: command, ports, path, write } = await serving(BOILER, '--watch');
    const socket = await client(ports[0]);
    writeFileSync(`${path}~`, CHANGED);
    renameSync(`${path}~`, path);
    await command.next('reloaded');
    expect(await request(socket, 1, READ_3)).toBe('0306001400150063');
    rmSync(path);
    await command.next('reloadFailed');
    write(BOILER);
    await command.next('reloaded');
    expect(await request(socket, 1, READ_3)).toBe('0306001400150016');
  });

  test('loads it when a script or recorded values that it names are written', async () => {
    const script = (value: number) => `export default { tick: ({ points }) => { points.a.value = ${value} } };`;
    const records = (value: number) => `time,value\n0,${value}\n`;
    const units =
      '  - id: 1\n    script: tank.mjs\n    points:\n      a: { at: holding 0 }\n' +
      '      b: { at: holding 1, simulate: { replay: { file: day.csv } } }\n';
    const folder = folderWith({
      'boiler.yaml': `listen: [{ type: tcp, port: 0 }]\nunits:\n${units}`,
      'tank.mjs': script(5),
      'day.csv': records(6),
    });
    onTestFinished(() => folder[Symbol.dispose]());
    const { serving: command, ports } = await Serving.start(['--config', 'boiler.yaml', '--watch'], folder.path);
    onTestFinished(() => command[Symbol.asyncDispose]());
    const socket = await client(ports[0]);
    const read = () => request(socket, 1, '0300000002');
    await expect.poll(read).toBe('030400050006');
    writeFileSync(join(folder.path, 'tank.mjs'), script(7));
    expect(await command.next('reloaded')).toMatchObject({
      message: 'boiler.yaml is loaded again: behaviour of unit 1 changed',
      behaviours: [{ id: 1 }],
      units: { changed: [] },
    });
    await expect.poll(read).toBe('030400070006');
    writeFileSync(join(folder.path, 'day.csv'), records(8));
    expect(await command.next('reloaded')).toMatchObject({ behaviours: [{ id: 1 }] });
    await expect.poll(read).toBe('030400070008');
  });

  test('goes on after a broken file', async () => {
    const { serving: command, write } = await serving(BOILER, '--watch');
    write('units: [');
    await command.next('reloadFailed');
    write(CHANGED);
    expect(await command.next('reloaded')).toMatchObject({
      message: expect.stringContaining('unit 1 (boiler) changed'),
    });
  });
});
