import {
  checkServerOptions,
  ModbusSerialServer,
  ModbusTcpServer,
  ModbusTlsServer,
  OptionsError,
  type TcpServerOptions,
  type TlsServerOptions,
  Unit,
  type UnitOptions,
} from 'busbar';
import { BusMonitor, type BusMonitorOptions } from 'busbar/monitor';
import { describe, expect, test } from 'vitest';

/** Options as they come from a file or from JavaScript: the types can't vouch for them. */
function refusal(create: () => unknown): OptionsError {
  try {
    create();
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('not refused');
}

function problems(create: () => unknown): string[] {
  return refusal(create).problems.map(({ path, problem }) => `${path.join('.')}: ${problem}`);
}

const unit = (options: unknown) => () => new Unit(options as UnitOptions);

describe('an OptionsError', () => {
  test('has one problem as its message and path', () => {
    const error = refusal(unit({ id: 256 }));
    expect(error.message).toBe('id: expected an integer from 0 to 255, found 256');
    expect(error.path).toEqual(['id']);
    expect(error.problems).toEqual([{ path: ['id'], problem: 'expected an integer from 0 to 255, found 256' }]);
  });

  test('lists several problems in its message, and has the path of the first', () => {
    const error = refusal(unit({ name: 5, id: 256, coils: [{ start: 0, values: [true, 2] }] }));
    expect(error.message.split('\n')).toEqual([
      '3 problems',
      '- name: expected a string, found 5',
      '- id: expected an integer from 0 to 255, found 256',
      '- coils[0].values[1]: expected true, false, 1 or 0, found 2',
    ]);
    expect(error.path).toEqual(['name']);
  });

  test('has all of many problems, and shows the first twenty', () => {
    const values = new Array(30).fill(-1);
    const { message, problems } = refusal(unit({ id: 1, holdingRegisters: [{ start: 0, values }] }));
    expect(problems).toHaveLength(30);
    expect(message.split('\n')).toHaveLength(22);
    expect(message).toMatch(/\n- 10 more$/);
  });
});

describe('all problems are reported at once', () => {
  test('of a unit: unknown keys, blocks, overlaps, files, queues, identity, rules', () => {
    const range = { table: 'coils', start: 65535, count: 2 };
    const options = {
      id: 1,
      nmae: 'x',
      coils: [{ start: 0, count: 9, value: 5 }, { start: 8 }],
      holdingRegisters: [
        { start: 0, count: 10 },
        { start: 9, count: 1 },
        { start: 2, count: 1, read: 1 },
        { start: 65535, values: [1, 2] },
      ],
      inputRegisters: { read: 1, wirte: 2 },
      files: [
        { number: 0, start: 0, count: 1 },
        { number: 1, start: 0, values: [70000] },
      ],
      fifos: [{ pointer: 5 }, { pointer: 5, values: [-1] }],
      identity: { vendorName: 'Acme', objects: { 5: 'x', 128: 7 } },
      serverId: { id: 256, running: 1 },
      exceptionStatus: { coils: 'a' },
      access: { functions: [0, 3, 128], readOnly: [range], limits: [{ start: 0, count: 1, max: 'x' }, 7] },
    };
    expect(problems(unit(options)).map((line) => line.split(': ', 1)[0])).toEqual([
      'nmae',
      'coils.0.value',
      'coils.1',
      'holdingRegisters.2.read',
      'holdingRegisters.3.values',
      'holdingRegisters.1.start',
      'inputRegisters.read',
      'inputRegisters.wirte',
      'files.0.number',
      'files.1.values.0',
      'fifos.1.pointer',
      'fifos.1.values.0',
      'identity.objects.5',
      'identity.objects.128',
      'identity.productCode',
      'identity.majorMinorRevision',
      'serverId.id',
      'serverId.running',
      'exceptionStatus.coils',
      'access.functions.0',
      'access.functions.2',
      'access.readOnly.0.count',
      'access.limits.0.max',
      'access.limits.0.table',
      'access.limits.1',
    ]);
  });

  test('of coils that the exception status mirrors, beside other problems', () => {
    const options = { id: -1, coils: [{ start: 0, count: 4 }], exceptionStatus: { coils: 0 } };
    expect(problems(unit(options))).toEqual([
      'id: expected an integer from 0 to 255, found -1',
      'exceptionStatus.coils: coils 0..7 are not all in memory',
    ]);
  });

  test('of a server', () => {
    const options = {
      units: [new Unit({ id: 1 }), 5, new Unit({ id: 1 })],
      prot: 502,
      host: '',
      limits: { connections: 0, conections: 1, idleTimeout: '1s' },
      priorityClients: ['plc', '10.0.0.0/33'],
      customFunctions: [{ code: 0, execute: 1 }],
      handler: { data: async () => undefined, conected: 1 },
      framing: { name: 'mbap' },
    };
    expect(
      problems(() => new ModbusTcpServer(options as unknown as TcpServerOptions)).map((line) => line.split(': ', 1)[0]),
    ).toEqual([
      'units.1',
      'units.2',
      'prot',
      'host',
      'limits.connections',
      'limits.conections',
      'limits.idleTimeout',
      'priorityClients.0',
      'priorityClients.1',
      'customFunctions.0.code',
      'customFunctions.0.execute',
      'handler.data',
      'handler.conected',
      'framing.name',
      'framing.sharedLine',
      'framing.headerLength',
      'framing.silence',
      'framing.maxLength',
      'framing.createReader',
      'framing.seal',
    ]);
  });

  test('of a TLS server, with the files that it needs', () => {
    const options = {
      units: [],
      port: -1,
      minVersion: 'TLSv1',
      keyFile: 'nowhere.pem',
      roles: [{ role: '', units: [256] }],
    };
    expect(problems(() => new ModbusTlsServer(options as unknown as TlsServerOptions))).toEqual([
      'port: expected an integer from 0 to 65535, found -1',
      'roles.0.role: expected the name of a role, or null for clients without one, found ""',
      'roles.0.units.0: expected an integer from 0 to 255, found 256',
      'minVersion: expected one of "TLSv1.2", "TLSv1.3", found "TLSv1"',
      "certFile: the server's certificate is missing; nothing is ever served in clear text here",
      'keyFile: nowhere.pem: there is no such file',
      expect.stringMatching(/^caFile: the CA .* is missing/),
    ]);
  });

  test('of a serial line', () => {
    const line = {
      path: '',
      dataBits: 7,
      parity: 'mark',
      rts: { active: 'mid', delay: 1 },
      reconnect: { maxDelay: 0 },
    };
    const lineProblems = ['path', 'dataBits', 'parity', 'rts.active', 'rts.delay', 'reconnect.maxDelay'];
    const serial = problems(() => new ModbusSerialServer({ units: [], ...line } as never));
    expect(serial.map((each) => each.split(': ', 1)[0])).toEqual(lineProblems);
    const monitor = problems(() => new BusMonitor(line as unknown as BusMonitorOptions));
    expect(monitor.map((each) => each.split(': ', 1)[0])).toEqual(lineProblems);
  });
});

test('the options that all servers have can be checked without a server', () => {
  expect(() => checkServerOptions({ unknownUnit: 'silent' })).not.toThrow();
  const wrong = JSON.parse('{ "unknownUnit": "quiet", "identity": {}, "units": [1] }');
  expect(refusal(() => checkServerOptions(wrong)).problems.map(({ path }) => path.join('.'))).toEqual([
    'units.0',
    'unknownUnit',
    'identity.vendorName',
    'identity.productCode',
    'identity.majorMinorRevision',
  ]);
});
