import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapturedPacket, CaptureFile } from 'busbar/monitor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { readCapture } from '../../../../interop/helpers/pcapng.js';
import { createRecorder } from '../helpers/events.js';
import { hex } from '../helpers/hex.js';
import { catchWarnings } from '../helpers/warnings.js';

const TIME = 1_700_000_000_000.25;
const ADU = hex('unit:11 fc:03 start:0000 quantity:0003 crc:075B');

function packet(fields: Partial<CapturedPacket> = {}): CapturedPacket {
  return { interfaceId: 0, time: TIME, dissector: 'mbrtu', bytes: ADU, ...fields };
}

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'bus.pcapng');
});
afterEach(() => folder.remove());

describe('a capture file', () => {
  test('has a section header, its interfaces and their packets, in the order in which they came', async () => {
    const file = await CaptureFile.create(path);
    expect(file.addInterface('COM3', 'meters')).toBe(0);
    file.add(packet({ comment: 'größe' }));
    expect(file.addInterface('tcp')).toBe(1);
    const [client, server] = [{ address: '10.0.0.1', port: 40000 }, { address: '10.0.0.2' }];
    file.add(packet({ interfaceId: 1, dissector: 'mbtcp', isRequest: true, client, server, direction: 'in' }));
    file.add(packet({ interfaceId: 0, dissector: 'data', bytes: hex('FF'), time: 0 }));
    await file.close();
    expect(readCapture(path)).toEqual({
      application: 'Busbar',
      interfaces: [{ name: 'COM3', description: 'meters' }, { name: 'tcp' }],
      packets: [
        {
          on: 'COM3',
          time: TIME,
          dissector: 'mbrtu',
          source: {},
          destination: {},
          bytes: buffer(ADU),
          comment: 'größe',
        },
        {
          on: 'tcp',
          time: TIME,
          dissector: 'mbtcp',
          transport: 'tcp',
          source: client,
          destination: { ...server, port: 502 },
          bytes: buffer(ADU),
          direction: 'in',
        },
        { on: 'COM3', time: 0, dissector: 'data', source: {}, destination: {}, bytes: buffer(hex('FF')) },
      ],
    });
    expect(file).toMatchObject({ path, packets: 3, dropped: 0 });
  });

  test('without a packet is a capture, too', async () => {
    const file = await CaptureFile.create(path);
    await file.close();
    expect(readCapture(path)).toEqual({ application: 'Busbar', interfaces: [], packets: [] });
  });

  test('takes the place of one that is there', async () => {
    writeFileSync(path, 'x'.repeat(10_000));
    const file = await CaptureFile.create(path);
    await file.close();
    expect(readCapture(path).packets).toEqual([]);
  });

  test('can be read while it is being written', async () => {
    const file = await CaptureFile.create(path);
    file.addInterface('COM3');
    for (let count = 1; count <= 3; count++) {
      file.add(packet());
      await expect.poll(() => readCapture(path).packets, { interval: 1 }).toHaveLength(count);
    }
    await file.close();
  });

  test('is complete when close() has resolved, whoever has called it', async () => {
    const file = await CaptureFile.create(path);
    file.addInterface('COM3');
    for (let i = 0; i < 1000; i++) file.add(packet({ dissector: 'data', bytes: new Uint8Array(8192) }));
    const first = file.close();
    await file.close();
    expect(readCapture(path).packets).toHaveLength(1000);
    await first;
  });

  test('takes nothing more once it is closed', async () => {
    const file = await CaptureFile.create(path);
    file.addInterface('COM3');
    await file.close();
    const before = readFileSync(path);
    file.addInterface('late');
    file.add(packet());
    await file.close();
    expect(readFileSync(path)).toEqual(before);
    expect(file).toMatchObject({ packets: 0, dropped: 1 });
  });

  test('is closed at the end of an await using block', async () => {
    {
      await using file = await CaptureFile.create(path);
      file.addInterface('COM3');
      file.add(packet());
    }
    expect(readCapture(path).packets).toHaveLength(1);
  });

  test('keeps no more than 16 MiB in memory: packets beyond that are left out and counted', async () => {
    const file = await CaptureFile.create(path);
    file.addInterface('COM3');
    const data = new Uint8Array(65_000);
    // The disk gets no turn meanwhile.
    for (let i = 0; i < 400; i++) file.add(packet({ dissector: 'data', bytes: data }));
    expect(file.packets + file.dropped).toBe(400);
    await file.close();
    expect(file.dropped).toBeGreaterThan(400 - (17 * 1024 * 1024) / data.length);
    expect(statSync(path).size).toBeLessThan(17 * 1024 * 1024);
    expect(readCapture(path).packets).toHaveLength(file.packets);
  });
});

describe('a file that cannot be written', () => {
  test.each([
    ['in a folder that does not exist', () => join(folder.path, 'no', 'such', 'file'), 'ENOENT'],
    ['with the name of a folder', () => folder.path, 'EISDIR'],
    ['behind a file', () => join(path, 'below'), 'ENOTDIR'],
  ])('%s rejects with the error of the system', async (_, where, code) => {
    mkdirSync(join(folder.path, 'other'));
    writeFileSync(path, '');
    await expect(CaptureFile.create(where())).rejects.toMatchObject({ code });
  });
});

/** Always open for writing, and always full. */
const FULL = '/dev/full';

describe('a disk that is full', () => {
  test('ends the writing, and says so once', async () => {
    const errors = createRecorder<Error>();
    const file = await CaptureFile.create(FULL, { onError: errors.record });
    file.addInterface('COM3');
    expect(await errors.reached(1)).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
    const { packets } = file;
    for (let i = 0; i < 3; i++) file.add(packet());
    expect(file).toMatchObject({ packets, dropped: 3 });
    await file.close();
    expect(errors.all).toHaveLength(1);
  });

  test('is a process warning where nobody wants to be told', async () => {
    const warnings = catchWarnings();
    const file = await CaptureFile.create(FULL);
    expect(await warnings.reached(1)).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
    await file.close();
  });

  test('is told, too, when it shows only while the file is being closed', async () => {
    const errors = createRecorder<Error>();
    const file = await CaptureFile.create(FULL, { onError: errors.record });
    file.addInterface('COM3');
    file.add(packet());
    await file.close();
    expect(errors.all).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
  });
});

const buffer = (bytes: Uint8Array) => Buffer.from(bytes);
