import type { DraftPoint } from '../../draft/draft.js';
import type { Notes } from '../notes.js';
import type { Cell } from './cells.js';

/** pymodbus acts when a register is read; a behaviour acts by the clock. */
const EVERY = '1s';

/** The greatest value that a register, or two, can have. */
const GREATEST: Partial<Record<Cell['type'], number>> = { bits: 0xffff, uint16: 0xffff, uint32: 0xffff_ffff };

/** What `timestamp` writes into a register and the six behind it. Its months begin with 0. */
const DATE: readonly Partial<DraftPoint>[] = [
  { simulate: { clock: 'year' } },
  { simulate: { clock: 'month' }, offset: 1 },
  { simulate: { clock: 'day' } },
  { simulate: { clock: 'weekday' } },
  { simulate: { clock: 'hour' } },
  { simulate: { clock: 'minute' } },
  { simulate: { clock: 'second' } },
];

/** Types that the actions change; the others are left as they are by pymodbus, too. */
export function isMoved({ type, action }: Cell): boolean {
  return action !== null && action in BEHAVIOURS && type !== 'string';
}

type Make = (cell: Cell, name: string, notes: Notes) => Partial<DraftPoint>;

const BEHAVIOURS: Readonly<Record<string, Make>> = {
  increment: (cell, name, notes) => {
    notes.add(`increment adds 1 every ${EVERY}; pymodbus adds it with every read`, name);
    const [from, to] = [limit(cell, 'minval'), limit(cell, 'maxval') ?? GREATEST[cell.type]];
    return {
      simulate: {
        count: { by: 1, every: EVERY, ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
      },
    };
  },
  random: (cell, name, notes) => {
    notes.add(`random has a new value every ${EVERY}; pymodbus has one with every read`, name);
    const [from, to] = [limit(cell, 'minval') ?? 1, limit(cell, 'maxval') ?? 65_536];
    return { simulate: { random: { from, to: Math.min(to, GREATEST[cell.type] ?? to), every: EVERY } } };
  },
  uptime: () => ({ simulate: { clock: 'uptime' } }),
};

/** The behaviour of a register with an action. @param name of its point, for notes. */
export function behaviourOf(cell: Cell, name: string, notes: Notes): Partial<DraftPoint> {
  const { action } = cell;
  if (action === null || action === 'timestamp') return {};
  const make = isMoved(cell) ? BEHAVIOURS[action] : undefined;
  if (make !== undefined) return make(cell, name, notes);
  const why = action === 'reset' ? 'it ends the simulator' : 'it is code of a custom actions module';
  notes.add(
    action in BEHAVIOURS ? `pymodbus has no ${action} for texts` : `the action ${action} is left out: ${why}`,
    name,
  );
  return {};
}

function limit({ parameters }: Cell, key: string): number | undefined {
  const value = parameters[key];
  // For pymodbus, a limit of 0 is none.
  return typeof value === 'number' && value !== 0 ? value : undefined;
}

/** The registers that show a part of the date, by their index. */
export function dateParts(cells: readonly Cell[]): ReadonlyMap<number, Partial<DraftPoint>> {
  const parts = new Map<number, Partial<DraftPoint>>();
  for (const [at, { action }] of cells.entries()) {
    if (action !== 'timestamp' || parts.has(at)) continue;
    for (const [i, part] of DATE.entries()) parts.set(at + i, part);
  }
  return parts;
}
