import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ByteOrder,
  CONNECTION_ERROR_CODES,
  DATA_ERROR_CODES,
  HANDLER_ERROR_CODES,
  LISTEN_ERROR_CODES,
  ModbusTcpServer,
  SHARING_ERROR_CODES,
  SHORTAGE_CODES,
  STATE_ERROR_CODES,
  STORAGE_ERROR_CODES,
  Unit,
  WARNING_CODES,
} from 'busbar';
import { describe, expect, test } from 'vitest';
import { readDocument, root } from '../../../../interop/helpers/document.js';

const guide = readDocument('docs/library.md');
const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => readDocument(join('docs', name)));

interface Entry {
  readonly subpath: string;
  readonly types: string;
}

/** The ways to import the library. */
function entries(): Entry[] {
  const { exports } = JSON.parse(readDocument('packages/busbar/package.json'));
  return Object.entries<string | { types: string }>(exports).flatMap(([subpath, target]) =>
    typeof target === 'string' ? [] : [{ subpath: join('busbar', subpath), types: target.types }],
  );
}

/** What a module of the library exports, types included. */
function exportedNames({ types }: Entry): string[] {
  const module = types.replace('/dist/', '/src/').replace(/\.d\.ts$/, '.ts');
  const source = readFileSync(join(root, 'packages/busbar', module), 'utf8');
  const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].map(([, list]) => list);
  const names = lists.flatMap((list) => list.split(',').map((name) => name.trim().replace(/^type /, '')));
  const own = [...source.matchAll(/^export (?:abstract )?(?:class|function|interface|type|const) (\w+)/gm)];
  return [...names.filter((name) => name !== ''), ...own.map(([, name]) => name)];
}

/** The rows of the tables of a section, cell by cell. */
function rowsOf(heading: string): string[][] {
  const [, rest = ''] = guide.split(`\n## ${heading}\n`);
  const lines = rest.split('\n## ', 1)[0].split('\n');
  return lines
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

describe('the guide to the library', () => {
  test('has every way to import the library', () => {
    expect(entries().length).toBeGreaterThan(5);
    for (const { subpath } of entries()) expect(guide).toContain(`\`${subpath}\``);
  });

  test.each(entries())('mentions, with its other pages, everything that $subpath exports', (entry) => {
    const names = exportedNames(entry);
    expect(names).not.toEqual([]);
    const isMentioned = (name: string) => pages.some((page) => new RegExp(`\\b${name}\\b`).test(page));
    expect(names.filter((name) => !isMentioned(name))).toEqual([]);
  });

  test('has every counter of a server and of a unit in its table, and no other', () => {
    const unit = new Unit({ id: 1 });
    const counters = { unit: unit.counters, server: new ModbusTcpServer({ units: [unit] }).counters };
    const existing = Object.entries(counters).flatMap(([owner, each]) =>
      Object.keys(each).map((key) => `\`${owner}.counters.${key}\``),
    );
    const documented = rowsOf('Counters')
      .map(([counter]) => counter)
      .filter((counter) => counter.startsWith('`'));
    expect(documented.toSorted()).toEqual(existing.toSorted());
  });

  test('has every code of every class of errors in its table, and no other', () => {
    const documented: Record<string, string[]> = {};
    let owner = '';
    for (const [name, codes = ''] of rowsOf('Errors')) {
      if (!/^`[A-Z_]+`/.test(codes) || /_CODES/.test(codes)) continue;
      owner = /`(\w+)`/.exec(name)?.[1] ?? owner;
      documented[owner] = [...(documented[owner] ?? []), ...(codes.match(/\w+/g) ?? [])];
    }
    const existing: Record<string, readonly string[]> = {
      OptionsError: ['INVALID_OPTION'],
      DataError: DATA_ERROR_CODES,
      ListenError: LISTEN_ERROR_CODES,
      StateError: STATE_ERROR_CODES,
      ConnectionError: CONNECTION_ERROR_CODES,
      HandlerError: HANDLER_ERROR_CODES,
      StorageError: STORAGE_ERROR_CODES,
      SharingError: SHARING_ERROR_CODES,
      ModbusException: ['MODBUS_EXCEPTION'],
      BusbarError: [...WARNING_CODES, ...SHORTAGE_CODES],
    };
    const sorted = (lists: Record<string, readonly string[]>) =>
      Object.fromEntries(Object.entries(lists).map(([name, codes]) => [name, codes.toSorted()]));
    expect(sorted(documented)).toEqual(sorted(existing));
  });

  test('shows the bytes of each order as they are', () => {
    const { holdingRegisters } = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 9 }] });
    const words = (start: number, count: number) =>
      holdingRegisters
        .getRange(start, count)
        .map((word) => word.toString(16).toUpperCase().padStart(4, '0'))
        .join(' ');
    const orders: ByteOrder[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];
    const expected = orders.map((order) => {
      holdingRegisters.setUint16(0, 0x1234, order);
      holdingRegisters.setUint32(1, 0x12345678, order);
      holdingRegisters.setFloat32(3, 21.5, order);
      holdingRegisters.setBigUint64(5, 0x0123456789abcdefn, order);
      return [`\`${order}\``, words(0, 1), words(1, 2), words(3, 2), words(5, 4)];
    });
    const rows = rowsOf('Typed values').filter(([first]) => /^`[A-D]{4}`$/.test(first));
    expect(rows.map(([order, , ...shown]) => [order, ...shown])).toEqual(expected);
  });
});
