import type { Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { TableName } from '../protocol/tables.js';
import { type BitBlock, BitTable, bitTable } from './bit-table.js';
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
import { type RegisterBlock, RegisterTable, registerTable } from './registers.js';
import type { Table } from './table.js';

/** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
export type BitTableOption = readonly (BitBlock | HandlerBlock<boolean>)[] | TableHandlers<boolean>;
export type RegisterTableOption = readonly (RegisterBlock | HandlerBlock<number>)[] | TableHandlers<number>;

const BITS: ItemKind<boolean> = {
  codec: bitCodec,
  form: bitForm,
  createMemory: (name, blocks, pathOf, { first }) => bitTable(name, blocks, pathOf, first),
};

export function bits(name: TableName, first: number, option: BitTableOption = []): Table {
  return isHandlers(option, [name]) ? bitHandlers(name, option, [name]) : blockTable(name, option, first, BITS);
}

const REGISTERS: ItemKind<number> = { codec: registerCodec, form: registerForm, createMemory: registerTable };

export function registers(name: TableName, first: number, option: RegisterTableOption = []): Table {
  return isHandlers(option, [name])
    ? registerHandlers(name, option, [name])
    : blockTable(name, option, first, REGISTERS);
}

const IN_MEMORY = [BitTable, RegisterTable, Files, Fifos];

export function isHandlers<H extends object>(option: H | readonly unknown[], path: Path): option is H {
  // They have a `read` method as handlers have, but it is called in another way, and they belong to the rest of their unit.
  if (IN_MEMORY.some((kind) => option instanceof kind)) {
    throw new OptionsError(
      path,
      'expected blocks or handlers, found what another unit has in memory; to serve it here too, give handlers that call it',
    );
  }
  return typeof option === 'object' && option !== null && !Array.isArray(option);
}
