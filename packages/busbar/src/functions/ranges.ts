import type { Device } from '../data/device.js';
import { readUint16 } from '../protocol/bytes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import type { TableName } from '../protocol/tables.js';

/** What a request would read or write of one table. */
export interface RequestedRange {
  readonly table: TableName;
  /** Protocol address of the first item; with `quantity` it may reach beyond 65535, as the request does. */
  readonly address: number;
  readonly quantity: number;
}

interface Field {
  readonly table: TableName;
  readonly addressAt: number;
  /** Position of the quantity; without it the quantity is one. */
  readonly quantityAt?: number;
}

const many = (table: TableName): Field[] => [{ table, addressAt: 1, quantityAt: 3 }];
const one = (table: TableName): Field[] => [{ table, addressAt: 1 }];

/** Where the addresses and quantities are in requests of the public functions (AP, clause 6). */
const FIELDS: ReadonlyMap<number, readonly Field[]> = new Map([
  [FunctionCode.ReadCoils, many('coils')],
  [FunctionCode.ReadDiscreteInputs, many('discreteInputs')],
  [FunctionCode.ReadHoldingRegisters, many('holdingRegisters')],
  [FunctionCode.ReadInputRegisters, many('inputRegisters')],
  [FunctionCode.WriteSingleCoil, one('coils')],
  [FunctionCode.WriteSingleRegister, one('holdingRegisters')],
  [FunctionCode.WriteMultipleCoils, many('coils')],
  [FunctionCode.WriteMultipleRegisters, many('holdingRegisters')],
  [FunctionCode.MaskWriteRegister, one('holdingRegisters')],
  [
    FunctionCode.ReadWriteMultipleRegisters,
    [
      { table: 'holdingRegisters', addressAt: 1, quantityAt: 3 },
      { table: 'holdingRegisters', addressAt: 5, quantityAt: 7 },
    ],
  ],
]);

/** The table ranges that a request with a public function touches; empty for functions that don't use tables. */
export function requestedRanges(request: Uint8Array, start: number, end: number): RequestedRange[] {
  const fields = FIELDS.get(request[start]) ?? [];
  return fields.flatMap(({ table, addressAt, quantityAt }) => {
    if (start + (quantityAt ?? addressAt) + 2 > end) return [];
    const quantity = quantityAt === undefined ? 1 : readUint16(request, start + quantityAt);
    return { table, address: readUint16(request, start + addressAt), quantity };
  });
}

/** Whether a request uses tables, and only parts of them that are in memory. */
export function asksMemoryAlone({ tables }: Device, request: Uint8Array, start: number, end: number): boolean {
  const fields = FIELDS.get(request[start]);
  if (fields === undefined) return false;
  for (const { table, addressAt, quantityAt } of fields) {
    if (start + (quantityAt ?? addressAt) + 2 > end) return false;
    const quantity = quantityAt === undefined ? 1 : readUint16(request, start + quantityAt);
    if (tables[table].parts?.isStored(readUint16(request, start + addressAt), quantity) === false) return false;
  }
  return true;
}
