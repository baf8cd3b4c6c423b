import { formatPlace, type Point } from 'busbar';
import { unitName } from '../listeners/unit-name.js';
import type { RegisterRow, UnitRows } from './rows.js';
import { labelsText, orderOf } from './words.js';

const TITLES = {
  coils: 'Coils',
  discreteInputs: 'Discrete inputs',
  inputRegisters: 'Input registers',
  holdingRegisters: 'Holding registers',
} as const;

const HEADER = ['Address', 'Number', 'Name', 'Type', 'Scale', 'Unit', 'Access', 'Values', 'Description'];

/** The points of a config as tables for a manual, one for each unit and table. */
export function markdownText(units: readonly UnitRows[], title: string): string {
  const parts = units.map(({ unit, rows }) => [`## ${unitTitle(unitName(unit))}`, ...tablesOf(rows)].join('\n\n'));
  return `# ${title}\n\nAddresses are counted from 0; the numbers are those of manuals.\n\n${parts.join('\n\n')}\n`;
}

function unitTitle(name: string): string {
  return escaped(`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`);
}

function tablesOf(rows: readonly RegisterRow[]): string[] {
  if (rows.length === 0) return ['It has no points.'];
  return Object.entries(TITLES).flatMap(([table, title]) => {
    const own = rows.filter(({ point }) => point.table === table);
    return own.length === 0 ? [] : [`### ${title}`, tableOf(own.map(cellsOf))];
  });
}

/** Leaves out columns without a value. */
function tableOf(lines: readonly string[][]): string {
  const used = HEADER.map((_, i) => lines.some((line) => line[i] !== ''));
  const rows = [HEADER, HEADER.map(() => '---'), ...lines].map((line) => line.filter((_, i) => used[i]));
  return rows.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cellsOf({ point, writable }: RegisterRow): string[] {
  const { name, unit = '', description = '' } = point;
  const cells = [
    addressOf(point),
    point.reference,
    name,
    typeOf(point),
    scaleText(point),
    unit,
    writable ? 'R/W' : 'R',
    valuesOf(point),
    description,
  ];
  return cells.map(escaped);
}

/** `30`, `30.0` for a bit, `100–101` for several registers. */
function addressOf({ table, address, bit, quantity }: Point): string {
  const [, first] = formatPlace({ table, address, bit }).split(' ');
  return quantity === 1 ? first : `${first}–${address + quantity - 1}`;
}

function typeOf(point: Point): string {
  const order = orderOf(point);
  const length = point.type === 'string' ? `, ${2 * point.quantity} bytes` : '';
  return `${point.type}${order === undefined ? '' : ` ${order}`}${length}`;
}

/** `0.1`, or `0.1 - 50` with an offset. */
function scaleText({ scale = 1, offset = 0 }: Point): string {
  const shift = offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  return scale === 1 && offset === 0 ? '' : `${scale}${shift}`;
}

function valuesOf({ labels, min, max }: Point): string {
  if (labels !== undefined) return labelsText(labels);
  if (min === undefined && max === undefined) return '';
  return min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

/** A bar ends a cell, and a line feed the row. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
