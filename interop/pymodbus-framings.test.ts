import { join } from 'node:path';
import { ModbusTcpServer, ModbusTlsServer, Unit } from 'busbar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barePdu } from '../examples/bare-pdu-tls.mjs';
import { binaryFraming } from '../examples/binary-framing.mjs';
import { COMMAND } from './helpers/command-log.js';
import { temporaryFolder } from './helpers/folder.js';
import { runChecked } from './helpers/process.js';
import { PymodbusClient } from './helpers/pymodbus.js';

// The framings that pymodbus alone has, up to 3.1 (TLS) and 3.6 (binary), against those of the examples.

const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);

afterAll(() => folder.remove());

const unit = new Unit({
  id: 1,
  coils: [{ start: 0, values: [true, false, true] }],
  holdingRegisters: [{ start: 0, values: Array.from({ length: 125 }, (_, i) => 1000 + i) }],
  identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' },
});

function describeExchanges(connect: () => Promise<PymodbusClient>): void {
  let client: PymodbusClient;
  beforeAll(async () => {
    client = await connect();
  });
  afterAll(async () => client?.close());

  test('reads coils and registers', async () => {
    const { bits } = await client.call('read_coils', { address: 0, count: 3 }, 'bits');
    expect(bits).toEqual([true, false, true, false, false, false, false, false]);
    const { registers } = await client.call('read_holding_registers', { address: 0, count: 3 }, 'registers');
    expect(registers).toEqual([1000, 1001, 1002]);
  });

  test('writes', async () => {
    expect(await client.call('write_registers', { address: 10, values: [1, 2, 3] }, 'count')).toMatchObject({
      count: 3,
    });
    expect(unit.holdingRegisters.getRange(10, 3)).toEqual([1, 2, 3]);
    expect(await client.call('write_coil', { address: 1, value: true }, 'value')).toMatchObject({ value: true });
    expect(unit.coils.get(1)).toBe(true);
    await client.call('write_coil', { address: 1, value: false });
  });

  test('is told exceptions', async () => {
    expect(await client.call('read_holding_registers', { address: 200, count: 1 })).toMatchObject({ exception: 2 });
    expect(await client.call('read_input_registers', { address: 0, count: 1 })).toMatchObject({ exception: 2 });
  });
}

describe('a pymodbus client with bare PDUs over TLS', () => {
  let server: ModbusTlsServer;
  beforeAll(async () => {
    await runChecked(process.execPath, [COMMAND, 'certs', '--out', folder.path]);
    const files = { certFile: file('server.pem'), keyFile: file('server.key'), caFile: file('ca.pem') };
    server = await new ModbusTlsServer({ units: [unit], framing: barePdu, port: 0, ...files }).listen();
  });
  afterAll(async () => server?.shutdown());

  describeExchanges(() =>
    PymodbusClient.connectSecurely(server.address()?.port ?? 0, file('client.pem'), file('client.key'), file('ca.pem')),
  );

  test('is told the identity', async () => {
    const client = await PymodbusClient.connectSecurely(
      server.address()?.port ?? 0,
      file('client.pem'),
      file('client.key'),
      file('ca.pem'),
    );
    const reply = await client.request('ReadDeviceInformationRequest', { read_code: 1, object_id: 0 }, 'information');
    expect(reply.information).toMatchObject({ 0: { hex: '41636d65' } });
    await client.close();
  });
});

describe('a pymodbus client with binary frames over TCP', () => {
  let server: ModbusTcpServer;
  beforeAll(async () => {
    server = await new ModbusTcpServer({ units: [unit], framing: binaryFraming, port: 0 }).listen();
  });
  afterAll(async () => server?.shutdown());

  describeExchanges(() => PymodbusClient.connectBinary(server.address()?.port ?? 0));

  test('sends braces in its data, doubled', async () => {
    const client = await PymodbusClient.connectBinary(server.address()?.port ?? 0);
    await client.call('write_registers', { address: 20, values: [0x7b7d, 0x7d00] });
    expect(unit.holdingRegisters.getRange(20, 2)).toEqual([0x7b7d, 0x7d00]);
    await client.close();
  });
});
