import { once } from 'node:events';
import { OptionsError } from 'busbar';
import { BusMonitor, type BusMonitorOptions } from 'busbar/monitor';
import { createConnectionPair } from 'busbar/testing';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { closeStream } from '../helpers/stream-connector.js';
import { catchWarnings } from '../helpers/warnings.js';
import { createMonitor, Listening, recordLines, rtu } from './listening.js';

const READ = rtu(2, 'fc:03 start:0000 quantity:0002');
const READ_LINE = '> 2 0300000002';

describe('the options of a monitor', () => {
  const port = new FakePort();

  test.each<[options: object, path: (string | number)[]]>([
    [{}, ['path']],
    [{ path: '' }, ['path']],
    [{ path: 5 }, ['path']],
    [{ port: 'COM3' }, ['port']],
    [{ port: {} }, ['port', 'on']],
    [{ port, baudRate: 9600 }, ['baudRate']],
    [{ port, parity: 'none' }, ['parity']],
    [{ port, reconnect: {} }, ['reconnect']],
    [{ path: 'COM3', baudRate: 49 }, ['baudRate']],
    [{ path: 'COM3', dataBits: 7 }, ['dataBits']],
    [{ path: 'COM3', parity: 'mark' }, ['parity']],
    [{ path: 'COM3', stopBits: 3 }, ['stopBits']],
    [{ path: 'COM3', framing: 'mbap' }, ['framing']],
    [{ path: 'COM3', silence: 0 }, ['silence']],
    [{ path: 'COM3', silence: 60_001 }, ['silence']],
    [{ path: 'COM3', replyTimeout: 0 }, ['replyTimeout']],
    [{ path: 'COM3', replyTimeout: 1.5 }, ['replyTimeout']],
    [{ path: 'COM3', replyTimeout: '1000' }, ['replyTimeout']],
    [{ path: 'COM3', rts: { activ: 'low' } }, ['rts', 'activ']],
    [{ path: 'COM3', reconnect: { initialDelay: 0 } }, ['reconnect', 'initialDelay']],
    [{ path: 'COM3', units: [] }, ['units']],
    [{ path: 'COM3', turnaroundDelay: 5 }, ['turnaroundDelay']],
    [{ path: 'COM3', discardEcho: true }, ['discardEcho']],
  ])('%o are refused by the name of the wrong one', (options, path) => {
    const wrong = () => new BusMonitor(options as BusMonitorOptions);
    expect(wrong).toThrow(OptionsError);
    expect(wrong).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', path }));
  });

  test('may hold RTS at the level for receiving, from the beginning and for good', async () => {
    for (const [active, level] of [
      ['high', 'rts low'],
      ['low', 'rts high'],
    ] as const) {
      const own = new FakePort();
      const monitor = await createMonitor({ port: own, rts: { active } }).listen();
      own.receive(READ);
      await once(monitor, 'frame');
      await monitor.close();
      expect(own.steps).toEqual([level]);
    }
  });
});

describe('listen()', () => {
  test('resolves with the monitor when it listens', async () => {
    const monitor = createMonitor({ port: new FakePort() });
    expect(monitor.listening).toBe(false);
    expect(await monitor.listen()).toBe(monitor);
    expect(monitor.listening).toBe(true);
  });

  test('rejects where it listens already, and goes on listening', async () => {
    const listening = await Listening.start();
    const { monitor, told } = listening;
    await expect(monitor.listen()).rejects.toMatchObject({ name: 'StateError', code: 'ALREADY_LISTENING' });
    await listening.hear(READ);
    expect(told.all).toEqual([READ_LINE]);
  });

  test('rejects while another one is under way', async () => {
    const monitor = createMonitor({ port: new FakePort() });
    const first = monitor.listen();
    await expect(monitor.listen()).rejects.toMatchObject({ code: 'ALREADY_LISTENING' });
    await first;
  });

  test('rejects for a port that is closed, and may be called again', async () => {
    const port = new FakePort();
    await closeStream(port);
    const monitor = createMonitor({ port });
    for (let time = 1; time <= 2; time++) {
      await expect(monitor.listen()).rejects.toMatchObject({ name: 'ListenError', code: 'PORT_CLOSED' });
      expect(monitor.listening).toBe(false);
    }
  });
});

describe('close()', () => {
  test('tells first what was waiting for its end, then that it has ended', async () => {
    const listening = await Listening.start();
    const { monitor, told } = listening;
    monitor.on('close', () => told.record('closed'));
    await listening.hear(rtu(5, 'fc:65 data:01'), READ.subarray(0, 4));
    expect(told.all).toEqual([]);
    await monitor.close();
    expect(told.all).toEqual(['> 5 6501', '? 02030000', 'closed']);
  });

  test('leaves the port of a program open, to be listened to again', async () => {
    const listening = await Listening.start();
    const { monitor, port, told } = listening;
    for (let time = 1; time <= 3; time++) {
      await listening.hear(READ);
      await monitor.close();
      expect(monitor.listening).toBe(false);
      expect(port).toMatchObject({ destroyed: false, closed: false });
      for (const event of ['data', 'end', 'error', 'close', 'overrun']) expect(port.listenerCount(event)).toBe(0);
      await monitor.listen();
    }
    expect(told.all.filter((line) => line === READ_LINE)).toHaveLength(3);
    expect(port.steps).toEqual([]);
  });

  test('does nothing where it does not listen', async () => {
    const monitor = createMonitor({ port: new FakePort() });
    const closes = record(monitor, 'close');
    await monitor.close();
    expect(closes.all).toHaveLength(0);
  });

  test('is one end, however often it is called', async () => {
    const { monitor } = await Listening.start();
    const closes = record(monitor, 'close');
    await Promise.all([monitor.close(), monitor.close()]);
    await monitor.close();
    expect(closes.all).toHaveLength(1);
  });

  test('resolves only when the port has been left, whoever has asked first', async () => {
    const { monitor, port } = await Listening.start();
    const first = monitor.close();
    await monitor.close();
    expect(port.listenerCount('close')).toBe(0);
    expect(monitor.listening).toBe(false);
    await first;
  });

  test('waits for a listen() under way', async () => {
    const monitor = createMonitor({ port: new FakePort() });
    const listening = monitor.listen();
    await monitor.close();
    expect(monitor.listening).toBe(false);
    await listening;
  });

  test('comes at the end of an await using block', async () => {
    const port = new FakePort();
    {
      await using monitor = await new BusMonitor({ port }).listen();
      expect(monitor.listening).toBe(true);
    }
    expect(port.listenerCount('data')).toBe(0);
  });
});

describe('a port of the program', () => {
  test('may be any Duplex', async () => {
    const [line, port] = createConnectionPair();
    const monitor = await createMonitor({ port, path: 'radio' }).listen();
    const told = recordLines(monitor);
    line.write(READ);
    expect(await told.reached(1)).toEqual([READ_LINE]);
  });

  test.each([
    ['is closed', (port: FakePort) => void port.destroy(), undefined],
    ['fails', (port: FakePort) => void port.destroy(new Error('unplugged')), new Error('unplugged')],
    ['ends', (port: FakePort) => void port.push(null), undefined],
  ])('that %s ends the monitor, when it has told the rest', async (_, lose, error) => {
    const listening = await Listening.start();
    const { monitor, port, told } = listening;
    monitor.on('error', () => {});
    const [lost, closes] = [record(monitor, 'portLost'), record(monitor, 'close')];
    await listening.hear(READ, READ.subarray(0, 4));
    lose(port);
    await closes.reached(1);
    expect(told.all).toEqual([READ_LINE, '? 02030000']);
    expect(lost.all).toEqual([{ path: '/dev/fake', error, reopening: false }]);
    expect(monitor.listening).toBe(false);
  });

  test('that has an error, but stays, is an error event and no end', async () => {
    const listening = await Listening.start();
    const { monitor, port, told } = listening;
    const errors = record(monitor, 'error');
    port.emit('error', new Error('framing error'));
    await listening.hear(READ);
    expect(await errors.reached(1)).toEqual([new Error('framing error')]);
    expect(told.all).toEqual([READ_LINE]);
  });

  test('that tells of overruns has them counted', async () => {
    const { monitor, port } = await Listening.start();
    port.emit('overrun', 2);
    port.emit('overrun');
    expect(monitor.counters.overruns).toBe(3);
  });
});

describe('a listener that throws', () => {
  test('is an error event, and keeps no other from being told', async () => {
    const listening = await Listening.start();
    const { monitor, told } = listening;
    const errors = record(monitor, 'error');
    for (const event of ['frame', 'noise', 'unanswered', 'close'] as const) {
      monitor.on(event, () => {
        throw new Error(`on ${event}`);
      });
    }
    await listening.hear(READ, READ.subarray(0, 4));
    await listening.hear(READ);
    await monitor.close();
    expect(errors.all.map(({ message }) => message)).toEqual([
      'on frame',
      'on noise',
      'on unanswered',
      'on frame',
      'on close',
    ]);
    expect(told.all).toEqual([READ_LINE, '? 02030000', '! 2 0300000002', READ_LINE]);
  });

  test('may also be one that rejects, or that throws no error at all', async () => {
    const listening = await Listening.start();
    const { monitor } = listening;
    const errors = record(monitor, 'error');
    monitor.on('frame', async () => {
      throw 'later';
    });
    await listening.hear(READ);
    expect(await errors.reached(1)).toEqual([new Error('later')]);
  });

  test('is a process warning where nobody listens to errors', async () => {
    const listening = await Listening.start();
    const { monitor } = listening;
    monitor.on('frame', () => {
      throw new Error('unheard');
    });
    const warnings = catchWarnings();
    await listening.hear(READ);
    expect(await warnings.reached(1)).toEqual([new Error('unheard')]);
  });
});
