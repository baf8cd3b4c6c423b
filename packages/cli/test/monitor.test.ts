import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPort } from '../../../interop/helpers/open-port.js';
import { readCapture } from '../../../interop/helpers/pcapng.js';
import { createPtyPair, type PtyPair } from '../../../interop/helpers/pty.js';
import { sealed } from '../../../interop/helpers/rtu.js';
import { OF_SERIAL } from '../src/listeners/flags.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const READ = sealed(2, 3, 0, 0, 0, 3);
const REPLY = sealed(2, 3, 6, 0, 20, 0, 21, 0, 22);
const WRONG_CRC = READ.subarray(0, -1);
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let line: PtyPair;
let port: SerialPort;
beforeEach(async () => {
  line = await createPtyPair();
  port = await openPort(line.b);
});
afterEach(async () => {
  await closePort();
  await line.remove();
});

/** Also where it was lost. */
function closePort(): Promise<void> {
  return new Promise((resolve) => {
    if (port.isOpen) port.close(() => resolve());
    else resolve();
  });
}

describe('the log in JSON', () => {
  test('has each frame, with all that is known of it', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    port.write(READ);
    const request = await serving.next('frame');
    expect(request).toEqual({
      ...{ time: expect.stringMatching(ISO), level: 'info', event: 'frame' },
      ...{
        message: 'read holding registers 0..2 (40001..40003)',
        duration: expect.any(Number),
        kind: 'request',
        unit: 2,
      },
      ...{ pdu: '0300000003', functionCode: 3, name: 'read holding registers', address: 0, quantity: 3 },
    });
    port.write(REPLY);
    const reply = await serving.next('frame');
    expect(reply).toEqual({
      ...{ time: expect.stringMatching(ISO), level: 'info', event: 'frame' },
      ...{
        message: 'read holding registers 0..2 (40001..40003) = 20, 21, 22',
        gap: expect.any(Number),
        duration: expect.any(Number),
      },
      ...{ responseTime: reply.gap, kind: 'reply', unit: 2, pdu: '0306001400150016' },
      ...{ functionCode: 3, name: 'read holding registers', address: 0, quantity: 3, values: [20, 21, 22] },
    });
    expect(Number(reply.gap)).toBeGreaterThanOrEqual(0);
    for (const { duration } of [request, reply]) expect(Number(duration)).toBeGreaterThan(0);
  });

  test('has exceptions, bytes that are no values, and requests without a reply', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    const frames = [sealed(4, 1, 0, 0, 0, 16), sealed(4, 0x81, 2), sealed(5, 0x11), sealed(6, 0x11)];
    port.write(Buffer.concat([...frames, sealed(6, 0x11, 2, 0x42, 0xff)]));
    expect(await serving.next('frame')).toMatchObject({ kind: 'request', unit: 4 });
    expect(await serving.next('frame')).toMatchObject({
      message: 'exception 02 illegal data address (read coils)',
      ...{ kind: 'reply', unit: 4, functionCode: 1, exceptionCode: 2, exceptionName: 'illegal data address' },
    });
    expect(await serving.next('frame')).toMatchObject({ kind: 'request', unit: 5, name: 'report server id' });
    expect(await serving.next('unanswered')).toMatchObject({
      level: 'info',
      unit: 5,
      message: 'unit 5 has not replied',
    });
    await serving.next('frame');
    expect(await serving.next('frame')).toMatchObject({ kind: 'reply', unit: 6, data: '42FF' });
  });

  test('has noise, byte by byte', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    port.write(WRONG_CRC);
    expect(await serving.next('noise')).toEqual({
      ...{ time: expect.stringMatching(ISO), level: 'info', event: 'noise' },
      ...{ message: '7 bytes of no frame: 02 03 00 00 00 03 05', bytes: '02030000000305' },
    });
    port.write(Buffer.alloc(40, 0xff));
    expect(await serving.next('noise')).toMatchObject({ gap: expect.any(Number), bytes: 'FF'.repeat(40) });
  });

  test('has the counters of the line at its end', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    port.write(Buffer.concat([READ, REPLY]));
    for (let i = 0; i < 2; i++) await serving.next('frame');
    port.write(WRONG_CRC);
    await serving.next('noise');
    const { stdout, code } = await serving.stop('SIGINT');
    expect(code).toBe(0);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(entries.slice(-2)).toEqual([
      expect.objectContaining({ event: 'stopping', signal: 'SIGINT' }),
      {
        ...{ time: expect.stringMatching(ISO), level: 'info', event: 'counters', line: line.a },
        message: expect.stringMatching(/: 26 bytes with 2 frames \(2 of other stations\), 1 error.* 0 overruns$/),
        ...{ bytesReceived: 26, messages: 2, foreignFrames: 2 },
        ...{ communicationErrors: 1, resynchronisations: 1, overruns: 0 },
      },
    ]);
  });
});

describe('the output for people', () => {
  test('says what is listened to, and then what is heard', async () => {
    await using serving = Serving.pretty(
      ['--serial', line.a, '--baud', '9600', '--parity', 'none'],
      undefined,
      'monitor',
    );
    expect(await serving.textUntil('\n')).toBe(`serial ${line.a}, 9600 baud, 8N2, RTU framing; Ctrl-C stops\n`);
    port.write(Buffer.concat([READ, REPLY, READ]));
    expect(await serving.textUntil('< 2')).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {15}> 2 {2}read holding registers 0\.\.2 \(40001\.\.40003\)\n\d\d:\d\d:\d\d\.\d{3} {2}\+ +\d+\.\d ms {3}< 2 {2}read holding registers 0\.\.2 \(40001\.\.40003\) = 20, 21, 22\n$/,
    );
    await serving.textUntil('> 2');
    port.write(sealed(5, 7));
    expect(await serving.textUntil('> 5')).toMatch(/^ {27}! 2 {2}no reply\n.* > 5 {2}read exception status\n$/);
    port.write(Buffer.of(0xff));
    expect(await serving.textUntil('?')).toMatch(/ \? 1 byte of no frame: FF\n$/);
    port.write(Buffer.alloc(40, 0xff));
    expect(await serving.textUntil('?')).toMatch(/ \? 40 bytes of no frame: FF( FF){31} …\n$/);
    const { code, stdout, stderr } = await serving.stop('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      / info {2}\S+: \d+ bytes with 4 frames \(4 of other stations\), \d+ errors, .* 0 overruns\n$/,
    );
  });

  test('has frames of ASCII where that is asked for', async () => {
    await using serving = Serving.pretty(['--serial', line.a, '--ascii'], undefined, 'monitor');
    expect(await serving.textUntil('\n')).toContain(', 19200 baud, 7E1, ASCII framing;');
    port.write(':0203000000 03F8\r\n'.replace(' ', ''));
    expect(await serving.textUntil('\n')).toMatch(/ > 2 {2}read holding registers 0\.\.2 \(40001\.\.40003\)\n$/);
  });
});

describe('a monitor', () => {
  test('never sends', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    const heard = vi.fn();
    port.on('data', heard);
    port.write(Buffer.concat([READ, REPLY, WRONG_CRC]));
    await serving.next('noise');
    await serving.stop('SIGINT');
    expect(heard).not.toHaveBeenCalled();
  });

  test('opens its port again when it is lost', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    port.write(READ);
    await serving.next('frame');
    await line.unplug();
    expect(await serving.next('portLost')).toMatchObject({
      ...{ level: 'warn', path: line.a, reopening: true },
      message: expect.stringMatching(/ is lost: .*; trying to open it again$/),
    });
    await closePort();
    await line.plug();
    expect(await serving.next('portOpened')).toMatchObject({ level: 'info', message: `${line.a} is open again` });
    port = await openPort(line.b);
    port.write(REPLY);
    expect(await serving.next('frame')).toMatchObject({ kind: 'reply', values: [20, 21, 22], address: 0 });
    expect(await serving.stop('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  test('ends while its port is lost, too', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    await line.unplug();
    await serving.next('portLost');
    expect(await serving.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });

  test('writes a capture of all that it hears', async () => {
    using folder = folderWith({});
    const pcap = join(folder.path, 'bus.pcapng');
    await using serving = await Serving.monitor(['--serial', line.a, '--pcap', pcap]);
    port.write(Buffer.concat([READ, REPLY]));
    for (let i = 0; i < 2; i++) await serving.next('frame');
    port.write(WRONG_CRC);
    await serving.next('noise');
    serving.child.kill('SIGINT');
    expect(await serving.next('captured')).toMatchObject({ path: pcap, packets: 3, dropped: 0 });
    expect((await serving.end).code).toBe(0);
    const { interfaces, packets } = readCapture(pcap);
    expect(interfaces).toMatchObject([{ name: line.a }]);
    expect(packets.map(({ bytes }) => bytes)).toEqual([READ, REPLY, WRONG_CRC]);
  });
});

describe('a monitor that cannot begin', () => {
  test('for want of the port ends with code 1 and what to do', async () => {
    expect(await busbar(['monitor', '--serial', '/no/such/port'])).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(/^busbar: cannot open \/no\/such\/port: there is no such port; .*\(ENOENT\)\n$/),
    });
  });

  test('has the reason in the log in JSON', async () => {
    const { code, stdout, stderr } = await busbar(['monitor', '--serial', '/no/such/port', '--log-format', 'json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ level: 'error', event: 'listenFailed', code: 'ENOENT' });
  });

  test('for a port that another program has open ends with code 1', async () => {
    await using serving = await Serving.monitor(['--serial', line.a]);
    expect((await busbar(['monitor', '--serial', line.a])).stderr).toContain('another program has the port open');
    expect((await serving.stop('SIGINT')).code).toBe(0);
  });

  test('for a capture that cannot be written ends with code 1, and opens no port', async () => {
    using folder = folderWith({});
    const pcap = join(folder.path, 'no', 'bus.pcapng');
    const { code, stdout, stderr } = await busbar(['monitor', '--serial', '/no/such/port', '--pcap', pcap]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^busbar: --pcap ${pcap}: can't be written: .*folder.*\n$`));
    expect(existsSync(pcap)).toBe(false);
  });

  test.each([
    [['monitor'], 'monitor needs --serial PORT, the line to listen to'],
    [['monitor', '--serial', 'COM3', '--silence', '0'], '--silence: expected an integer from 1 to 60000, found 0'],
    [['monitor', '--serial', 'COM3', '--baud', '49'], '--baud: expected an integer from 50 to 12000000, found 49'],
    [['monitor', '--serial', 'COM3', '--config', 'a'], 'monitor has no option --config; see busbar monitor --help'],
  ])('for wrong usage ends with code 2: %j', async (args, message) => {
    const { code, stdout, stderr } = await busbar(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toBe(`busbar: ${message}`);
  });
});

test('help on monitor names every option, and that of all commands names the command', async () => {
  const { code, stdout } = await busbar(['help', 'monitor']);
  expect(code).toBe(0);
  const line = OF_SERIAL.settings.map(({ flag }) => flag);
  const others = ['--serial', '--pcap', '--log-format', '--help', '--version'];
  for (const flag of [...line, ...others]) expect(stdout).toContain(flag);
  expect(await busbar(['monitor', '--help'])).toMatchObject({ code: 0, stdout });
  expect((await busbar(['help'])).stdout).toMatch(/^ {2}monitor /m);
});
