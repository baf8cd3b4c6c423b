import { POINT_TYPES, Unit } from 'busbar';
import { expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';

const guide = readDocument('docs/points.md');

/** The rows of the tables of a section, cell by cell, without their heads. */
function rowsOf(heading: string): string[][] {
  const [, section = ''] = guide.split(`\n## ${heading}\n`);
  const lines = section.split('\n## ', 1)[0].split('\n');
  return lines
    .filter((line) => /^\| /.test(line) && !/^\| -/.test(line))
    .slice(1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** The names between backticks. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
}

test('the page on points has every key in its table, and no other', () => {
  const unknown = () => new Unit({ id: 1, points: JSON.parse('{ "a": { "at": "holding 0", "?": 1 } }') });
  const documented = rowsOf('Keys').flatMap(([keys]) => namesIn(keys));
  const [, known = ''] = /known are (.*)$/.exec(messageOf(unknown)) ?? [];
  expect(documented.toSorted()).toEqual(known.split(', ').toSorted());
});

function messageOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return '';
}

test('the page on points has every type in its table, and no other', () => {
  const rows = rowsOf('Types');
  const documented = rows
    .slice(
      0,
      rows.findIndex(([name]) => name === 'member'),
    )
    .flatMap(([types]) => namesIn(types));
  expect(documented.filter((name) => name !== 'labels').toSorted()).toEqual([...POINT_TYPES].toSorted());
});

test('the page on points shows the registers of each order as they are', () => {
  const rows = rowsOf('Orders');
  expect(rows).toHaveLength(4);
  for (const [order, alias, two, four] of rows) {
    const points = JSON.parse(
      JSON.stringify({
        a: { at: 'holding 0', type: 'uint32', order: namesIn(order)[0], value: 0x12345678 },
        b: { at: 'holding 2', type: 'uint64', order: namesIn(alias)[0] },
      }),
    );
    const unit = new Unit({ id: 1, points });
    unit.points.b.value = 0x0123456789abcdefn;
    const shown = [unit.points.a, unit.points.b].map(({ raw }) => raw.map(toHex).join(' '));
    expect([order, ...shown]).toEqual([order, two, four]);
  }
});

test('the diagram of the orders is that table', () => {
  const drawn = [...guide.matchAll(/^([A-D]{4}) {2}│ (.*) │$/gm)];
  expect(drawn).toHaveLength(4);
  for (const [, order, cells] of drawn) {
    const letters = cells.match(/[A-D](?= )/g)?.join('');
    const bytes = cells.match(/\d\d/g)?.join('') ?? '';
    const row = rowsOf('Orders').find(([name]) => name === `\`${order}\``);
    expect({ letters, bytes }).toEqual({ letters: order, bytes: row?.[2].replace(' ', '') });
  }
});

function toHex(word: number): string {
  return word.toString(16).toUpperCase().padStart(4, '0');
}
