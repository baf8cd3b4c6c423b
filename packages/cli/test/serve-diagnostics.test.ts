import { describe, expect, test } from 'vitest';
import { ask, connected, request } from './helpers/client.js';
import { Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

describe('diagnostics', () => {
  const LISTENERS = [
    '{ type: tcp, port: 0 }',
    '{ type: tcp, port: 0, diagnostics: all }',
    '{ type: tcp, port: 0, diagnostics: none }',
    '{ type: tcp, port: 0, functions: ["08/00", 3] }',
  ];
  const TEXT = `listen:\n${LISTENERS.map((each) => `  - ${each}\n`).join('')}units: [{ id: 1, name: boiler }]\n`;

  test('are answered as the listener says', async () => {
    using folder = folderWith({ 'a.yaml': TEXT });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    const answers = (pdu: string) => Promise.all(ports.map((port) => ask(port, 1, pdu)));
    expect(await answers('0800001234')).toEqual(['0800001234', '0800001234', '8801', '0800001234']);
    expect(await answers('08000d0000')).toEqual(['08000d0000', '08000d0000', '8801', '8801']);
    expect(await answers('08000a0000')).toEqual(['8801', '08000a0000', '8801', '8801']);
  });

  test('that change something are in the log', async () => {
    using folder = folderWith({ 'a.yaml': TEXT });
    const { serving, ports } = await Serving.start(['--config', 'a.yaml'], folder.path);
    await using _ = serving;
    const listener = `tcp 127.0.0.1:${ports[1]}`;
    const socket = await connected(ports[1]);
    const client = `127.0.0.1:${socket.localPort}`;
    await request(socket, 1, '08000a0000');
    await request(socket, 1, '0800032300');
    socket.write(Buffer.from('000000000006010800040000', 'hex'));
    expect(await serving.next('diagnostic')).toMatchObject({
      level: 'info',
      message: `${client} cleared the counters of unit 1 (boiler) on ${listener} (08/0A)`,
      listener,
      peer: { transport: 'tcp', address: '127.0.0.1', port: socket.localPort },
      unit: 1,
      action: 'clearCounters',
      subFunction: 10,
      data: 0,
    });
    expect(await serving.next('diagnostic')).toMatchObject({
      message: `${client} changed the end of its frames on ${listener} to 23 (08/03)`,
    });
    expect(await serving.next('diagnostic')).toMatchObject({
      level: 'warn',
      message: `${client} put unit 1 (boiler) on ${listener} into listen-only mode: it answers nobody there until 08/01 (08/04)`,
    });
    socket.destroy();
  });
});
