import { ConfigError, type PlacedProblem } from '../../config/problems.js';
import type { Row } from './table.js';

/** What a column can say of a point. */
const COLUMNS = [
  'unitId',
  'name',
  'place',
  'table',
  'function',
  'address',
  'modbusAddress',
  'reference',
  'bit',
  'type',
  'order',
  'scale',
  'divisor',
  'offset',
  'length',
  'padding',
  'unit',
  'access',
  'min',
  'max',
  'labels',
  'value',
  'whole',
  'description',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Names of columns in people's tables, without spaces and signs. */
const NAMES: Readonly<Record<Column, string>> = {
  unitId: 'unitid slave slaveid slaveaddress deviceid station serverid',
  name: 'name point pointname tag tagname variable variablename signal signalname parameter symbol nickname',
  place: 'place at',
  table: 'table registertype regtype area objecttype datatable kind',
  function: 'function functioncode functioncodes fc fcode modbusfunction',
  address: 'address addr startaddress registeraddress register reg registernumber',
  modbusAddress: 'modbusaddress modbusregister modbusreg',
  reference: 'reference ref',
  bit: 'bit bitnumber bitno',
  type: 'type datatype dataformat format',
  order: 'order byteorder wordorder endian endianness endianess',
  scale: 'scale scaling scalefactor factor multiplier gain resolution',
  divisor: 'divisor divider',
  offset: 'offset',
  length: 'length size registers quantity count words numberofregisters noofregisters',
  padding: 'padding',
  unit: 'unit units unitofmeasure unitofmeasurement uom engineeringunit engineeringunits eu',
  access: 'access accessmode rw readwrite mode permission attribute',
  min: 'min minimum low lowlimit',
  max: 'max maximum high highlimit',
  labels: 'labels enum enumeration states values valuetable meanings',
  value: 'value initialvalue initial default defaultvalue',
  whole: 'whole',
  description: 'description desc comment comments addresscomment remark remarks note notes text label',
};

const KNOWN: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => NAMES[column].split(' ').map((name): [string, Column] => [name, column])),
);

/** Where each column stands that is there. */
export type Layout = ReadonlyMap<Column, number>;

/** Columns that say where a point is; the first that a table has counts. A PLC has addresses of its own. */
export const PLACES = ['place', 'modbusAddress', 'address', 'reference'] as const satisfies readonly Column[];

export interface Header {
  readonly layout: Layout;
  /** Columns that mean nothing here. */
  readonly others: readonly string[];
}

/** Finds the columns by the names in the first line. @throws ConfigError */
export function readHeader({ line, cells }: Row, file: string): Header {
  const layout = new Map<Column, number>();
  const others: string[] = [];
  const problems: PlacedProblem[] = [];
  for (const [i, name] of cells.entries()) {
    const column = KNOWN.get(plain(name));
    const before = column === undefined ? undefined : layout.get(column);
    if (column === undefined) others.push(name);
    else if (before === undefined) layout.set(column, i);
    else problems.push({ line, column: i + 1, key: name, message: `means the same as the column "${cells[before]}"` });
  }
  const own = layout.get('address');
  if (own !== undefined && layout.has('modbusAddress')) {
    layout.delete('address');
    others.push(cells[own]);
  }
  const hasPlace = PLACES.some((column) => layout.has(column));
  if (!hasPlace) problems.push({ line, column: 1, key: '', message: noPlace(cells) });
  if (problems.length > 0) throw new ConfigError(file, problems);
  return { layout, others: others.filter((name) => name !== '') };
}

/** `Byte order` and `byte_order` are the same. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function noPlace(cells: readonly string[]): string {
  return (
    'expected a line with the names of the columns, one of them "place" or "address"; ' +
    `found ${cells.map((cell) => JSON.stringify(cell)).join(', ')}`
  );
}
