import { ModbusTcpServer, OptionsError, type TcpServerOptions, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createCountingUnit } from '../helpers/served.js';

function refusal(options: unknown): OptionsError {
  try {
    new ModbusTcpServer(options as TcpServerOptions);
  } catch (error) {
    if (error instanceof OptionsError) return error;
    throw error;
  }
  throw new Error('not refused');
}

const units = [createCountingUnit()];
const custom = { code: 65, execute: () => [] };

/** Wrong options, where the error must point, and a word that its message must say. */
const WRONG: [title: string, options: unknown, path: (string | number)[], says: string][] = [
  ['no units', {}, ['units'], 'undefined'],
  ['something that is no unit', { units: [{ id: 1 }] }, ['units', 0], 'Unit'],
  ['two units with one id', { units: [new Unit({ id: 5 }), new Unit({ id: 5 })] }, ['units', 1], '5'],
  ['an option that it does not know', { units, adress: '::' }, ['adress'], 'unknown'],
  ['a limit that it does not know', { units, limits: { conections: 1 } }, ['limits', 'conections'], 'unknown'],
  ['a port above 65535', { units, port: 65536 }, ['port'], '65535'],
  ['a negative port', { units, port: -1 }, ['port'], '-1'],
  ['a port that is text', { units, port: '502' }, ['port'], '"502"'],
  ['a host that is no text', { units, host: 5 }, ['host'], '5'],
  ['a policy that there is not', { units, unknownUnit: 'ignore' }, ['unknownUnit'], 'silent'],
  ['a limit of 0 connections', { units, limits: { connections: 0 } }, ['limits', 'connections'], '0'],
  [
    'a limit of half a request',
    { units, limits: { requestsInProgress: 0.5 } },
    ['limits', 'requestsInProgress'],
    '0.5',
  ],
  ['a negative time', { units, limits: { idleTimeout: -1 } }, ['limits', 'idleTimeout'], '-1'],
  [
    'an endless time',
    { units, limits: { frameTimeout: Number.POSITIVE_INFINITY } },
    ['limits', 'frameTimeout'],
    'Infinity',
  ],
  ['a deadline that is text', { units, handlerTimeout: '5s' }, ['handlerTimeout'], '"5s"'],
  ['another exception at the deadline', { units, handlerTimeoutException: 5 }, ['handlerTimeoutException'], '6'],
  ['priority clients that are no list', { units, priorityClients: '127.0.0.1' }, ['priorityClients'], 'array'],
  ['function code 0', { units, functions: [3, 0] }, ['functions', 1], '0'],
  ['function code 128', { units, functions: [128] }, ['functions', 0], '127'],
  ['a sub-function without a function', { units, functions: ['/04'] }, ['functions', 0], '"08/04"'],
  ['a function code as text', { units, functions: [3, '08'] }, ['functions', 1], '"2B/0E"'],
  ['a sub-function in something else than hexadecimal', { units, functions: ['08/0x4'] }, ['functions', 0], '"08/0x4"'],
  ['a sub-function of more than a byte', { units, functions: ['2B/100'] }, ['functions', 0], '255'],
  ['a sub-function of no request', { units, functions: ['88/04'] }, ['functions', 0], '127'],
  ['a sub-function of a function without any', { units, functions: ['10/04'] }, ['functions', 0], 'write 16'],
  ['a policy for diagnostics that there is not', { units, diagnostics: 'some' }, ['diagnostics'], '"read"'],
  ['diagnostics switched by a boolean', { units, diagnostics: false }, ['diagnostics'], 'false'],
  [
    'an identity without a vendor',
    { units, identity: { productCode: 'x', majorMinorRevision: '1' } },
    ['identity', 'vendorName'],
    'required',
  ],
  [
    'a custom function without a code',
    { units, customFunctions: [{ execute() {} }] },
    ['customFunctions', 0, 'code'],
    '127',
  ],
  [
    'a custom function with code 128',
    { units, customFunctions: [{ ...custom, code: 128 }] },
    ['customFunctions', 0, 'code'],
    '127',
  ],
  [
    'a custom function that does nothing',
    { units, customFunctions: [{ code: 65 }] },
    ['customFunctions', 0, 'execute'],
    'function',
  ],
  [
    'two custom functions with one code',
    { units, customFunctions: [custom, custom] },
    ['customFunctions', 1, 'code'],
    'another',
  ],
  [
    'a custom function with an unknown key',
    { units, customFunctions: [{ ...custom, run: 1 }] },
    ['customFunctions', 0, 'run'],
    'unknown',
  ],
  ['a PDU limit below the standard', { units, maxPduLength: 252 }, ['maxPduLength'], '253'],
];

describe('wrong server options', () => {
  test.each(WRONG)('%s is refused by name', (_, options, path, says) => {
    const error = refusal(options);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.path).toEqual(path);
    expect(error.message).toContain(says);
  });

  test.each([undefined, null, 5, 'server', []])('%j is no options object', (options) => {
    expect(refusal(options).code).toBe('INVALID_OPTION');
  });
});
