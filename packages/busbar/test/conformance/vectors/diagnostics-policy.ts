const subFunction = (code: string, data: string) => `fc:08 subFunction:${code} data:${data}`;

/** Requests of 08 that change nothing for anybody. */
export const READING: string[] = [
  subFunction('0000', ''),
  subFunction('0000', 'A537'),
  ...['0002', '000B', '000C', '000D', '000E', '000F', '0010', '0011', '0012'].map((code) => subFunction(code, '0000')),
];

/** Requests of the sub-functions that do, with good data and with other. */
export const CHANGING: string[] = [
  ['0001', '0000'],
  ['0001', 'FF00'],
  ['0001', '1234'],
  ['0003', '0A00'],
  ['0003', '2323'],
  ['0004', '0000'],
  ['0004', '0001'],
  ['0004', ''],
  ['000A', '0000'],
  ['000A', '000000'],
  ['0014', '0000'],
].map(([code, data]) => subFunction(code ?? '', data ?? ''));
