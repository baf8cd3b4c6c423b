import type { Column } from '../../parts/TableHead.js';

/** Of the table of requests. */
export const COLUMNS: readonly Column[] = [
  { name: 'Time', class: 'wide time' },
  { name: 'Client', class: 'wider client' },
  { name: 'Unit', class: 'wide unit' },
  { name: 'Request and reply' },
  { name: 'Took', class: 'number wide took' },
];
