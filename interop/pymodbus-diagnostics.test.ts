import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { device } from './helpers/device.js';
import { PymodbusClient } from './helpers/pymodbus.js';

/** Over a network, what 08 can change is not for clients by default. */
const ALL = { ...device, listen: device.listen.map((listener) => ({ ...listener, diagnostics: 'all' })) };

let busbar: RunningBusbar;
let pymodbus: PymodbusClient;

// Each test has a server of its own: the counters tell about everything that it was ever sent.
beforeEach(async () => {
  busbar = await startBusbar(ALL);
  pymodbus = await PymodbusClient.connect(busbar.port);
});
afterEach(async () => {
  await pymodbus?.close();
  await busbar?.stop();
});

const diagnose = (name: string, args: Record<string, unknown> = {}) =>
  pymodbus.request(`${name}Request`, args, 'message');
const readOne = () => pymodbus.call('read_holding_registers', { address: 0, count: 1 }, 'registers');
const readNothing = () => pymodbus.call('read_holding_registers', { address: 5, count: 1 });

describe('pymodbus diagnoses (08):', () => {
  test('00 echoes data of any length', async () => {
    expect(await diagnose('ReturnQueryData', { message: [0xa537, 1, 2] })).toMatchObject({ pdu: '080000a53700010002' });
  });

  test('02 returns the diagnostic register', async () => {
    expect(await diagnose('ReturnDiagnosticRegister')).toMatchObject({ pdu: '0800020000' });
  });

  test('03 changes the ASCII input delimiter', async () => {
    expect(await diagnose('ChangeAsciiInputDelimiter', { data: 0x2300 })).toMatchObject({ pdu: '0800032300' });
  });

  test('0B, 0E and 0D count the messages, those for this unit, and the exceptions', async () => {
    await readOne();
    await readNothing();
    const messages = await diagnose('ReturnBusMessageCount');
    expect(messages.message).toEqual([3]);
    expect((await diagnose('ReturnSlaveMessageCount')).message).toEqual([4]);
    expect((await diagnose('ReturnBusExceptionErrorCount')).message).toEqual([1]);
  });

  test.each([
    ['0C', 'ReturnBusCommunicationErrorCount'],
    ['0F', 'ReturnSlaveNoResponseCount'],
    ['10', 'ReturnSlaveNAKCount'],
    ['11', 'ReturnSlaveBusyCount'],
    ['12', 'ReturnSlaveBusCharacterOverrunCount'],
  ])('%s counts nothing in undisturbed traffic over TCP', async (_code, name) => {
    await readOne();
    expect(await diagnose(name)).toMatchObject({ message: [0] });
  });

  test('0A clears the counters', async () => {
    await readNothing();
    expect(await diagnose('ClearCounters')).toMatchObject({ pdu: '08000a0000' });
    expect(await diagnose('ReturnBusExceptionErrorCount')).toMatchObject({ message: [0] });
  });

  test('14 clears the overrun counter', async () => {
    expect(await diagnose('ClearOverrunCount')).toMatchObject({ pdu: '0800140000' });
  });

  test('01 restarts communications and answers', async () => {
    expect(await diagnose('RestartCommunicationsOption', { toggle: false })).toMatchObject({ pdu: '0800010000' });
    expect(await diagnose('RestartCommunicationsOption', { toggle: true })).toMatchObject({ pdu: '080001ff00' });
  });

  test('other sub-functions answer exception 01', async () => {
    expect(await diagnose('ReturnIopOverrunCount')).toMatchObject({ exception: 1 });
    expect(await diagnose('GetClearModbusPlus')).toMatchObject({ exception: 1 });
  });

  test('data other than the specified answers exception 03', async () => {
    expect(await diagnose('ReturnDiagnosticRegister', { data: 1 })).toMatchObject({ exception: 3 });
  });

  test('04 silences the unit until 01, which is not answered either', async () => {
    const soon = 0.2;
    const silence = { error: expect.stringMatching(/no response/i) };
    const listenOnly = { request: 'ForceListenOnlyModeRequest', timeout: soon };
    const restart = { request: 'RestartCommunicationsOptionRequest', timeout: soon };
    const read = { call: 'read_holding_registers', arguments: { address: 0, count: 1 }, timeout: soon };
    expect(await pymodbus.send(listenOnly)).toMatchObject(silence);
    expect(await pymodbus.send(read)).toMatchObject(silence);
    expect(await pymodbus.send(restart)).toMatchObject(silence);
    const other = await PymodbusClient.connect(busbar.port);
    expect(await other.call('read_holding_registers', { address: 0, count: 1 }, 'registers')).toMatchObject({
      registers: [20],
    });
    await other.close();
  });
});

describe('pymodbus meets the default of a network:', () => {
  test.each([
    ['ForceListenOnlyMode', { exception: 1 }],
    ['ClearCounters', { exception: 1 }],
    ['ReturnBusMessageCount', { message: [3] }],
  ])('%s', async (name, expected) => {
    const plain = await startBusbar();
    const client = await PymodbusClient.connect(plain.port);
    await client.call('read_holding_registers', { address: 0, count: 1 }, 'registers');
    await client.call('read_holding_registers', { address: 0, count: 1 }, 'registers');
    expect(await client.request(`${name}Request`, {}, 'message')).toMatchObject(expected);
    await client.close();
    await plain.stop();
  });
});

describe('pymodbus reads the communication events:', () => {
  test('the event counter counts completed messages, but no exceptions and no polls of itself (0B)', async () => {
    const counter = () => pymodbus.request('GetCommEventCounterRequest', {}, 'count');
    expect(await counter()).toMatchObject({ pdu: '0b00000000' });
    await readOne();
    await readNothing();
    expect(await counter()).toMatchObject({ pdu: '0b00000001' });
  });

  test('the event log has the newest event first (0C)', async () => {
    await readOne();
    await readNothing();
    const log = await pymodbus.request('GetCommEventLogRequest', {}, 'event_count', 'message_count', 'events');
    expect(log).toMatchObject({ event_count: 1, message_count: 3 });
    // Of the newest: receive event of this request, send event of the exception, its receive event, then the read's.
    expect(log.events).toEqual([0x80, 0x41, 0x80, 0x40, 0x80]);
  });
});
