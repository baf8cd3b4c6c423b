import { readUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { TableName } from '../protocol/tables.js';
import { tellRead } from './effects.js';
import { type ModbusFunction, refuse } from './transaction.js';

/** The four reads: start 2, quantity 2 -> byte count, data (AP, clauses 6.1–6.4). */
export function readTable(name: TableName, maxQuantity: number, bitsPerItem: 1 | 16): ModbusFunction {
  return {
    effect: 'read',
    execute(transaction) {
      const { request, start, reply, replyStart } = transaction;
      const address = readUint16(request, start + 1);
      const quantity = readUint16(request, start + 3);
      if (quantity < 1 || quantity > maxQuantity) return refuse(ExceptionCode.IllegalDataValue);
      const table = transaction.device.tables[name];
      const index = table.locate(address, quantity);
      if (index < 0) return refuse(ExceptionCode.IllegalDataAddress);
      if (transaction.device.changes.readsHeard) tellRead(transaction, name, address, quantity);
      const bytes = (quantity * bitsPerItem + 7) >> 3;
      reply[replyStart + 1] = bytes;
      const pending = table.read(index, quantity, reply, replyStart + 2, transaction);
      return pending === undefined ? 2 + bytes : pending.then(() => 2 + bytes);
    },
  };
}
