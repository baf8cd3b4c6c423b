import type { Vector, VectorTable } from '../vector.js';

/** Function codes 07, 0B, 0C and 11: a request is its code alone. */
export const readExceptionStatus: VectorTable = {
  code: '07',
  name: 'read exception status',
  wellFormed: ['fc:07'],
  vectors: [
    { title: 'reads the eight outputs', request: 'fc:07', reply: 'fc:07 outputs:6D' },
    { title: 'refuses any data', request: 'fc:07 more:0000', reply: 'fc:87 exception:03' },
  ],
};

export const getCommEventCounter: VectorTable = {
  code: '0B',
  name: 'get comm event counter',
  wellFormed: ['fc:0B'],
  vectors: [{ title: 'refuses any data', request: 'fc:0B more:0000', reply: 'fc:8B exception:03' }],
};

export const getCommEventLog: VectorTable = {
  code: '0C',
  name: 'get comm event log',
  wellFormed: ['fc:0C'],
  vectors: [{ title: 'refuses any data', request: 'fc:0C more:0000', reply: 'fc:8C exception:03' }],
};

export const reportServerId: VectorTable = {
  code: '11',
  name: 'report server id',
  wellFormed: ['fc:11'],
  vectors: [
    {
      title: 'reports the id, the run indicator and the additional data',
      request: 'fc:11',
      reply: 'fc:11 byteCount:06 id:11 run:FF additional:74657874',
    },
    { title: 'reports a unit that does not run', unit: 2, request: 'fc:11', reply: 'fc:11 byteCount:02 id:22 run:00' },
    { title: 'refuses any data', request: 'fc:11 more:0000', reply: 'fc:91 exception:03' },
  ],
};

/** Sub-functions that take 0000 as their only data; the value of the reply is looked at elsewhere. */
const ZERO_DATA = ['0002', '0004', '000A', '000B', '000C', '000D', '000E', '000F', '0010', '0011', '0012', '0014'];

const RESERVED = ['0005', '0006', '0007', '0008', '0009', '0013', '0015', '0016', '00FF', '0100', '8000', 'FFFF'];

function refusedData(subFunction: string): Vector[] {
  return ['0001', '0100', 'FF00', 'FFFF', '', '00', '000000', '00000000'].map((data) => ({
    title: `refuses sub-function ${subFunction} with ${data === '' ? 'no data' : `the data ${data}`}`,
    request: `fc:08 subFunction:${subFunction} data:${data}`,
    reply: 'fc:88 exception:03',
  }));
}

function echo(data: string, what: string): Vector {
  return {
    title: `echoes ${what}`,
    request: `fc:08 subFunction:0000 data:${data}`,
    reply: `fc:08 subFunction:0000 data:${data}`,
  };
}

/** Data are words. */
function refusedEcho(data: string): Vector {
  return {
    title: `refuses to echo the odd data ${data}`,
    request: `fc:08 subFunction:0000 data:${data}`,
    reply: 'fc:88 exception:03',
  };
}

function refusedSubFunction(subFunction: string): Vector[] {
  return ['0000', '1234', ''].map((data) => ({
    title: `refuses sub-function ${subFunction} with ${data === '' ? 'no data' : `the data ${data}`}`,
    request: `fc:08 subFunction:${subFunction} data:${data}`,
    reply: 'fc:88 exception:01',
  }));
}

/** Function code 08: its data. What the counters count is in diagnostics.ts. */
export const diagnostics: VectorTable = {
  code: '08',
  name: 'diagnostics',
  wellFormed: ['fc:08 subFunction:0002 data:0000', 'fc:08 subFunction:000A data:0000'],
  vectors: [
    echo('A537', "the document's example"),
    echo('', 'no data'),
    echo('01020304', 'two words'),
    refusedEcho('01'),
    refusedEcho('0102030405'),
    echo('5A*250', 'the most data, 250 bytes'),
    {
      title: 'reads the diagnostic register',
      request: 'fc:08 subFunction:0002 data:0000',
      reply: 'fc:08 subFunction:0002 register:0000',
    },
    {
      title: 'changes the ASCII delimiter',
      request: 'fc:08 subFunction:0003 data:2300',
      reply: 'fc:08 subFunction:0003 data:2300',
    },
    {
      title: 'changes the ASCII delimiter back',
      request: 'fc:08 subFunction:0003 data:0A00',
      reply: 'fc:08 subFunction:0003 data:0A00',
    },
    {
      title: 'refuses a delimiter with a low byte',
      request: 'fc:08 subFunction:0003 data:0A0D',
      reply: 'fc:88 exception:03',
    },
    {
      title: 'refuses a delimiter of one byte',
      request: 'fc:08 subFunction:0003 data:0A',
      reply: 'fc:88 exception:03',
    },
    {
      title: 'refuses a delimiter of three bytes',
      request: 'fc:08 subFunction:0003 data:0A0000',
      reply: 'fc:88 exception:03',
    },
    {
      title: 'restarts communications',
      request: 'fc:08 subFunction:0001 data:0000',
      reply: 'fc:08 subFunction:0001 data:0000',
    },
    {
      title: 'restarts communications and clears the log',
      request: 'fc:08 subFunction:0001 data:FF00',
      reply: 'fc:08 subFunction:0001 data:FF00',
    },
    ...['0001', '00FF', 'FFFF', '', 'FF', 'FF0000'].map((data) => ({
      title: `refuses to restart with ${data === '' ? 'no data' : `the data ${data}`}`,
      request: `fc:08 subFunction:0001 data:${data}`,
      reply: 'fc:88 exception:03',
    })),
    {
      title: 'clears counters and register',
      request: 'fc:08 subFunction:000A data:0000',
      reply: 'fc:08 subFunction:000A data:0000',
    },
    {
      title: 'clears the overrun counter',
      request: 'fc:08 subFunction:0014 data:0000',
      reply: 'fc:08 subFunction:0014 data:0000',
    },
    { title: 'refuses half a sub-function', request: 'fc:08 subFunction:00', reply: 'fc:88 exception:03' },
    ...ZERO_DATA.flatMap(refusedData),
    ...RESERVED.flatMap(refusedSubFunction),
  ],
};
