import type { Column } from '../../parts/TableHead.js';

/** Of the table of points. */
export const COLUMNS: readonly Column[] = [
  { name: 'Point', class: 'what' },
  { name: 'Value', class: 'value' },
  { name: 'Registers', class: 'wider raw' },
  { name: 'Place', class: 'wide place' },
  { name: 'Last change', class: 'wide changed' },
  { name: 'Trend', class: 'pin', hidden: true },
];
