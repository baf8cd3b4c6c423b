import type { Check, Path } from '../checks.js';
import { formatPath, OptionsError } from '../errors.js';
import type { BitTableName, RegisterTableName, TableName } from '../protocol/tables.js';
import { separateBits } from './bit-form.js';
import { BitTable } from './bit-table.js';
import { Layout } from './blocks.js';
import { Fifos } from './fifos.js';
import { Files } from './files.js';
import { bitCodec, handlerTable, registerCodec } from './handlers.js';
import { bitForm, blockTable, type ItemKind, registerForm } from './mixed-table.js';
import type { Claim } from './points/claims.js';
import { RegisterTable } from './registers.js';
import type { Spot } from './spot.js';
import type { Table } from './table.js';
import { checkBitBlock, checkRegisterBlock } from './table-blocks.js';

const BITS: ItemKind<boolean, BitTableName> = {
  codec: bitCodec,
  form: bitForm,
  checkBlock: checkBitBlock,
  createMemory(name, blocks) {
    const layout = new Layout(blocks);
    const bits = new Uint8Array(layout.size);
    let at = 0;
    for (const { values } of blocks) {
      bits.set(values, at);
      at += values.length;
    }
    return new BitTable(bitSpot(name), layout, bits, separateBits);
  },
};

const REGISTERS: ItemKind<number, RegisterTableName> = {
  codec: registerCodec,
  form: registerForm,
  checkBlock: checkRegisterBlock,
  createMemory: (name, blocks) => new RegisterTable(registerSpot(name), blocks),
};

function bitSpot(name: BitTableName): Spot<boolean> {
  return {
    name,
    place: (address, quantity) => ({ part: name, address, quantity }),
    change: (address, values, previous) => ({ part: name, address, values, previous }),
  };
}

function registerSpot(name: RegisterTableName): Spot<number> {
  return {
    name,
    place: (address, quantity) => ({ part: name, address, quantity }),
    change: (address, values, previous) => ({ part: name, address, values, previous }),
  };
}

/** The addresses of a table that points claim. */
export type Claims = (table: TableName) => readonly Claim[];

/** Checks a table of bits, whose blocks are numbered from the option `firstAddress`. */
export function bits(name: BitTableName, claims: Claims): Check<Table> {
  return (option = [], path, { firstAddress }) =>
    isHandlers(option, path)
      ? handlerTable(name, option, refuseClaims(claims(name), path), bitCodec)
      : blockTable(name, option, path, firstAddress === 1 ? 1 : 0, BITS, claims(name));
}

export function registers(name: RegisterTableName, claims: Claims): Check<Table> {
  return (option = [], path, { firstAddress }) =>
    isHandlers(option, path)
      ? handlerTable(name, option, refuseClaims(claims(name), path), registerCodec)
      : blockTable(name, option, path, firstAddress === 1 ? 1 : 0, REGISTERS, claims(name));
}

/** Points are in memory. @returns the path. */
function refuseClaims([claim]: readonly Claim[], path: Path): Path {
  if (claim === undefined) return path;
  const advice = 'has handlers for the whole table: give blocks with handlers, and it can have points beside them';
  throw new OptionsError([...claim.path, 'at'], `${formatPath(path)} ${advice}`);
}

const IN_MEMORY = [BitTable, RegisterTable, Files, Fifos];

export function isHandlers(option: unknown, path: Path): boolean {
  // These also have a `read` method, but with other parameters, and they belong to their unit.
  if (IN_MEMORY.some((kind) => option instanceof kind)) {
    throw new OptionsError(
      path,
      'expected blocks or handlers, found the memory of another unit; to serve it here too, give handlers that call it',
    );
  }
  return typeof option === 'object' && option !== null && !Array.isArray(option);
}
