import type { Check, Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { TableName } from '../protocol/tables.js';
import { type BitBlock, BitTable, checkBit } from './bit-table.js';
import { Fifos } from './fifos.js';
import { Files } from './files.js';
import {
  bitCodec,
  bitHandlers,
  type HandlerBlock,
  registerCodec,
  registerHandlers,
  type TableHandlers,
} from './handlers.js';
import { bitForm, blockTable, type ItemKind, registerForm } from './mixed-table.js';
import { checkRegister, type RegisterBlock, RegisterTable } from './registers.js';
import type { Table } from './table.js';

/** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
export type BitTableOption = readonly (BitBlock | HandlerBlock<boolean>)[] | TableHandlers<boolean>;
export type RegisterTableOption = readonly (RegisterBlock | HandlerBlock<number>)[] | TableHandlers<number>;

const BITS: ItemKind<boolean> = {
  codec: bitCodec,
  form: bitForm,
  checkValue: checkBit,
  createMemory: (name, blocks) => new BitTable(name, blocks),
};

const REGISTERS: ItemKind<number> = {
  codec: registerCodec,
  form: registerForm,
  checkValue: checkRegister,
  createMemory: (name, blocks) => new RegisterTable(name, blocks),
};

/** Checks a table of bits, whose blocks are numbered from the option `firstAddress`. */
export function bits(name: TableName): Check<Table> {
  return (option = [], path, { firstAddress }) =>
    isHandlers<TableHandlers<boolean>>(option, path)
      ? bitHandlers(name, option, path)
      : blockTable(name, option, path, firstAddress === 1 ? 1 : 0, BITS);
}

export function registers(name: TableName): Check<Table> {
  return (option = [], path, { firstAddress }) =>
    isHandlers<TableHandlers<number>>(option, path)
      ? registerHandlers(name, option, path)
      : blockTable(name, option, path, firstAddress === 1 ? 1 : 0, REGISTERS);
}

const IN_MEMORY = [BitTable, RegisterTable, Files, Fifos];

export function isHandlers<H extends object>(option: unknown, path: Path): option is H {
  // These also have a `read` method, but with other parameters, and they belong to their unit.
  if (IN_MEMORY.some((kind) => option instanceof kind)) {
    throw new OptionsError(
      path,
      'expected blocks or handlers, found what another unit has in memory; to serve it here too, give handlers that call it',
    );
  }
  return typeof option === 'object' && option !== null && !Array.isArray(option);
}
