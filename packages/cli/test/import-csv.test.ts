import { describe, expect, test } from 'vitest';
import { ConfigError } from '../src/config/problems.js';
import { Source } from '../src/config/source.js';
import { configYaml } from '../src/draft/yaml.js';
import { importCsv } from '../src/import/csv/import.js';
import { tableText } from '../src/import/input.js';

/** The points of the only unit of a table, whose lines are joined. */
function points(...lines: string[]) {
  return importCsv(lines.join('\n'), 'x.csv', 0).draft.units[0].points ?? {};
}

/** The only point of a table of one line. */
function point(header: string, line: string) {
  const [only, more] = Object.values(points(header, line));
  expect(more).toBeUndefined();
  return only;
}

function problems(text: string, first: 0 | 1 = 0): string[] {
  try {
    importCsv(text, 'x.csv', first);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a table of points', () => {
  test('is read by the names of its columns, in any order', () => {
    const [table] = [
      [
        'Description,Name,Table,Address,Type,Scale,Offset,Unit,Min,Max,Value,Access',
        'Flow temperature,flow,holding,0,int16,0.1,-50,°C,-10,90,21.5,R',
        ',setpoint,holding,1,int16,,,,,,,RW',
        ',energy,input,0x64,float32,,,kWh,,,,',
      ],
    ];
    expect(points(...table)).toEqual({
      flow: {
        at: 'holding 0',
        type: 'int16',
        scale: 0.1,
        offset: -50,
        unit: '°C',
        min: -10,
        max: 90,
        value: 21.5,
        readOnly: true,
        description: 'Flow temperature',
      },
      setpoint: { at: 'holding 1', type: 'int16' },
      energy: { at: 'input 100', type: 'float32', unit: 'kWh' },
    });
  });

  test.each([
    ['semicolons, as Excel writes where the comma is decimal', 'name;place;scale;value\nflow;holding 0;0,1;-65,5'],
    ['tabs', 'name\tplace\tscale\tvalue\nflow\tholding 0\t0,1\t-65,5'],
    ['commas', 'name,place,scale,value\nflow,holding 0,0.1,-65.5'],
    ['commas, with decimal commas in quotes', 'name,place,scale,value\nflow,holding 0,"0,1","-65,5"'],
    ['the delimiter named first', 'sep=;\r\nname;place;scale;value\r\nflow;holding 0;0,1;-65,5\r\n'],
    ['empty lines and cells', '\r\nname;place;scale;value;\r\n;;;;\r\n\r\nflow;holding 0;0,1;-65,5;\r\n;;;;'],
    ['spaces around cells', 'name ; place; scale; value\nflow ; holding 0 ; 0,1 ; -65,5'],
  ])('may have %s', (_, text) => {
    expect(importCsv(text, 'x.csv', 0).draft.units[0].points).toEqual({
      flow: { at: 'holding 0', scale: 0.1, value: -65.5 },
    });
  });

  test.each([
    ['type', 'BOOL', 'coil 0', { type: 'bool' }],
    ['type', 'INT', 'holding 0', { type: 'int16' }],
    ['type', 'U16', 'holding 0', { type: 'uint16' }],
    ['type', 'WORD', 'holding 0', { type: 'uint16' }],
    ['type', 'DINT', 'holding 0', { type: 'int32' }],
    ['type', 'REAL', 'holding 0', { type: 'float32' }],
    ['data type', 'Signed 32', 'holding 0', { type: 'int32' }],
    ['DataType', 'unix_time', 'holding 0', { type: 'unixTime' }],
    ['order', 'word-swap', 'holding 0', { order: 'CDAB' }],
    ['byte order', 'Little Endian', 'holding 0', { order: 'DCBA' }],
    ['endianness', 'big-endian', 'holding 0', {}],
    ['gain', '0.01', 'holding 0', { scale: 0.01 }],
    ['divisor', '10', 'holding 0', { scale: 0.1 }],
    ['scale', '1', 'holding 0', {}],
    [
      'labels',
      '0=off, 1=auto',
      'holding 0',
      {
        labels: new Map([
          [0, 'off'],
          [1, 'auto'],
        ]),
      },
    ],
    [
      'enum',
      '0: off; 1: on, or auto|0x10: hand',
      'holding 0',
      {
        labels: new Map([
          [0, 'off'],
          [1, 'on, or auto'],
          [16, 'hand'],
        ]),
      },
    ],
    ['rw', 'R/W', 'holding 0', {}],
    ['access', 'read only', 'holding 0', { readOnly: true }],
    ['access', 'r', 'input 0', {}],
    ['value', 'on', 'coil 0', { value: true }],
    ['value', '0xFF', 'holding 0', { value: 255 }],
    ['value', '18446744073709551615', 'holding 0', { value: 18446744073709551615n }],
    ['whole', 'true', 'holding 0', { whole: true }],
    ['unit', '', 'holding 0', {}],
  ])('has for %s "%s" what it means', (column, cell, place, expected) => {
    expect(point(`place;${column}`, `${place};"${cell}"`)).toEqual({ at: place, ...expected });
  });

  test('has values as their types write them', () => {
    expect(
      points(
        'name;place;type;length;labels;value',
        'text;holding 0;string;4;;007',
        'alarms;holding 10;bits;;0=hot, 3=no flow;"no flow, hot"',
        'mode;holding 11;;;0=off;off',
        'rest;holding 12;raw;2;;1 0x10',
      ),
    ).toMatchObject({
      text: { length: 4, value: '007' },
      alarms: { value: ['no flow', 'hot'] },
      mode: { value: 'off' },
      rest: { length: 2, value: [1, 16] },
    });
  });

  test('may say how many registers each point takes', () => {
    const table = ['name;place;type;registers', 'a;holding 0;float32;2', 'b;holding 2;;1', 'c;holding 3;string;8'];
    expect(points(...table)).toEqual({
      a: { at: 'holding 0', type: 'float32' },
      b: { at: 'holding 2' },
      c: { at: 'holding 3', type: 'string', length: 8 },
    });
    expect(problems('place;type;registers\nholding 0;float32;1\nholding 1;;2')).toEqual([
      'x.csv:2:3: registers: float32 takes 2 registers, found 1',
      'x.csv:3:3: registers: a point without a type is a uint16, which takes 1 register, found 2',
    ]);
  });

  test('may be of several units', () => {
    const { draft } = importCsv('unit id;name;place\n1;a;holding 0\n7;a;holding 0\n1;b;coil 0', 'plant.csv', 0);
    expect(draft.units).toEqual([
      { id: 1, name: 'plant', points: { a: { at: 'holding 0' }, b: { at: 'coil 0' } } },
      { id: 7, name: 'plant', points: { a: { at: 'holding 0' } } },
    ]);
  });
});

describe('the place of a point', () => {
  test.each([
    ['place', 'holding 0x10', 'holding 16'],
    ['place', '40001', 'holding 0'],
    ['place', 'hr:3', 'holding 3'],
    ['place', 'holding 30.2', 'holding 30.2'],
    ['address', '30011', 'input 10'],
    ['address', '400001', 'holding 0'],
    ['reference', '40001', 'holding 0'],
    ['table;address', 'Holding Register;7', 'holding 7'],
    ['register type;register', 'DI;0x10', 'discrete 16'],
    ['table;address', 'holding;400008', 'holding 7'],
    ['function code;address', '04;7', 'input 7'],
    ['fc;address', '3/6/16;7', 'holding 7'],
    ['fc;address', '0x0F;7', 'coil 7'],
    ['table;address;bit', 'holding;7;15', 'holding 7.15'],
    ['table;address;reference', 'holding;40001;440002', 'holding 40001'],
    ['table;address;reference', 'holding;7;', 'holding 7'],
    ['table;address;reference', 'coil;16384;016385', 'coil 16384'],
    ['table;address;bit;reference', 'holding;7;3;40008.3', 'holding 7.3'],
    ['address;function;modbus address', 'DS100;FC=03,06,16;400100', 'holding 99'],
  ])('may be in the columns %s: %s', (header, line, at) => {
    expect(point(header, line)).toEqual({ at });
  });

  test('may be counted from 1, but a reference is what it is', () => {
    const text = 'name;table;address;reference\na;holding;1;\nb;;;40003\nc;coil;16385;';
    expect(importCsv(text, 'x.csv', 1).draft.units[0].points).toEqual({
      a: { at: 'holding 0' },
      b: { at: 'holding 2' },
      c: { at: 'coil 16384' },
    });
  });

  test.each([
    [
      'table;address',
      'holding;40001',
      '2: address: has two meanings: the address 40001, or the reference of holding 0; name the column "reference", or write the address as 0x9C41',
    ],
    ['table;address', 'input;400001', '2: address: is a reference of the table holding, but the line says input'],
    ['table;address;reference', 'holding;0;40002', '2: address: is holding 0, but the reference 40002 is holding 1'],
    ['table;address', 'memory;0', '1: table: expected coil, discrete, input or holding, found "memory"'],
    ['fc;address', '43;0', '1: fc: expected a function code of a table, such as 3 or 0x04; found "43"'],
    ['place', 'holding 70000', '1: place: "holding 70000" is outside the table: its addresses are 0 to 65535'],
  ])('is refused in %s: %s', (header, line, message) => {
    expect(problems(`${header}\n${line}`)).toContain(`x.csv:2:${message}`);
  });
});

describe('the name of a point', () => {
  test('is made of what the table has', () => {
    const { draft, notes } = importCsv(
      'name;place;description\nDurchfluß (Ist);holding 0;now\n1. Stufe;holding 1;\nReserved;holding 2;\nReserved;holding 3;\n;coil 4;',
      'x.csv',
      0,
    );
    expect(draft.units[0].points).toEqual({
      Durchfluss_Ist: { at: 'holding 0', description: 'Durchfluß (Ist): now' },
      p1_Stufe: { at: 'holding 1', description: '1. Stufe' },
      Reserved: { at: 'holding 2' },
      Reserved_2: { at: 'holding 3' },
      coil_4: { at: 'coil 4' },
    });
    expect(notes).toEqual([
      'names that a point can have: "Durchfluß (Ist)" is Durchfluss_Ist (line 2), "1. Stufe" is p1_Stufe (line 3), "Reserved" is Reserved_2 (line 5)',
    ]);
  });
});

describe('what is doubtful', () => {
  test('is noted', () => {
    expect(importCsv('place;scale;Frequenz;\nholding 0;10;50;', 'x.csv', 0).notes).toEqual([
      'columns that are left out: "Frequenz"',
      'the value is multiplied; if it is to be divided, name the column "divisor": line 2',
    ]);
  });

  test('is noted where a line has more cells than there are columns, unless they are empty', () => {
    const text = 'place,description\nholding 0,flow,actual\nholding 1,level,\nholding 2,a,b,c';
    expect(importCsv(text, 'x.csv', 0).notes).toEqual(['more cells than columns: line 2, line 4']);
  });

  test('is refused where nobody can know', () => {
    expect(problems('place,value\nholding 0,"1,234"')).toEqual([
      'x.csv:2:2: value: has two meanings: 1.234, or 1234; write one of them',
    ]);
  });
});

describe('what is wrong', () => {
  test('is said with line and column, all at once', () => {
    const text = [
      'name;place;type;order;scale;access;labels;value;length',
      '"two',
      'lines";holding 0;flot;ABDC;1.0.0;maybe;off;x;y',
      'b;input 0;;;;RW;;;',
      'c;coil 0;;;;;0=a, 0=b;perhaps;',
    ].join('\n');
    expect(problems(text)).toEqual([
      'x.csv:2:3: type: expected a type, one of bool, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, bcd, bits, unixTime, raw; found "flot"',
      'x.csv:2:4: order: expected ABCD, CDAB, BADC or DCBA, found "ABDC"',
      'x.csv:2:5: scale: expected a number, found "1.0.0"',
      'x.csv:2:6: access: expected R or RW, found "maybe"',
      'x.csv:2:7: labels: expected labels, such as 0=off, 1=auto; found "off"',
      'x.csv:2:8: value: expected a number, found "x"',
      'x.csv:2:9: length: expected a number, found "y"',
      "x.csv:4:6: access: clients can't write input 0: expected R",
      'x.csv:5:7: labels: has two labels for 0',
      'x.csv:5:8: value: expected true or false, found "perhaps"',
    ]);
  });

  test.each([
    ['', 'x.csv: is empty; expected a line with the names of the columns first'],
    ['\n;;\n', 'x.csv: is empty; expected a line with the names of the columns first'],
    ['place\n', 'x.csv:1:1: expected a line for each point behind this one'],
    [
      '1;2;3',
      'x.csv:1:1: expected a line with the names of the columns, one of them "place" or "address"; found "1", "2", "3"',
    ],
    ['place;type;data type\nholding 0;;', 'x.csv:1:3: data type: means the same as the column "type"'],
    ['place,name\nholding 0,"flow', 'x.csv:2:2: a cell begins with a quote and has none at its end'],
    [
      'place,name\nholding 0,5" pipe',
      'x.csv:2:2: found a quote within a cell; put the whole cell in quotes, and write the inner one twice',
    ],
    [
      'place,name\nholding 0,"flow"x',
      'x.csv:2:2: found more behind the quote at the end of a cell; write a quote within a cell twice',
    ],
    ['place;divisor\nholding 0;0', 'x.csv:2:2: divisor: expected a number other than 0'],
  ])('is refused: %j', (text, message) => {
    expect(problems(text)).toEqual([message]);
  });
});

describe('the text of a table', () => {
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

  test.each([
    ['UTF-8', Buffer.from('°C'), undefined],
    ['UTF-8 with a mark', Buffer.from('\ufeff°C'), undefined],
    ['UTF-16, as Excel writes Unicode text', utf16('°C'), undefined],
    ['UTF-16 with the other byte first', utf16('°C').swap16(), undefined],
    ['another encoding that is named', Buffer.from([0xb0, 0x43]), 'windows-1252'],
  ])('may be %s', (_, bytes, encoding) => {
    expect(tableText(bytes, 'x.csv', encoding)).toBe('°C');
  });

  test('is refused where its encoding is not known', () => {
    const read = (bytes: Buffer, encoding?: string) => () => tableText(bytes, 'x.csv', encoding);
    expect(read(Buffer.from([0xb0, 0x43]))).toThrow(
      'x.csv: is neither UTF-8 nor UTF-16 with its mark; say what it is with --encoding',
    );
    expect(read(Buffer.from([0xb0]), 'utf-8')).toThrow('x.csv: is not in utf-8');
  });
});

test('a text that looks like a variable of the environment stays that text', () => {
  const [value, description] = [`\${HOME}`, `$\${x} \${}`];
  const text = `place;type;length;value;description\nholding 0;string;8;${value};${description}`;
  const { draft, headings } = importCsv(text, 'x.csv', 0);
  const source = new Source(configYaml(draft, [value], headings), 'x.yaml');
  expect(source.value).toMatchObject({ units: [{ points: { holding_0: { value, description } } }] });
});
