import type { TableName } from 'busbar';
import { formatAddresses } from 'busbar/protocol';

/** The four tables as people and clients name them. */
export interface TableFacts {
  key: TableName;
  label: string;
  /** First digit of the references that manuals use: 4 in 40001. */
  reference: string;
  /** mbpoll's -t. */
  mbpollType: string;
  /** Function code that reads it. */
  read: number;
  /** Codes of all functions that read or write it. */
  functions: readonly number[];
}

export const TABLES: readonly TableFacts[] = [
  { key: 'coils', label: 'coils', reference: '0', mbpollType: '0', read: 1, functions: [1, 5, 15] },
  { key: 'discreteInputs', label: 'discrete inputs', reference: '1', mbpollType: '1', read: 2, functions: [2] },
  { key: 'inputRegisters', label: 'input registers', reference: '3', mbpollType: '3', read: 4, functions: [4] },
  {
    key: 'holdingRegisters',
    label: 'holding registers',
    reference: '4',
    mbpollType: '4',
    read: 3,
    functions: [3, 6, 16, 22, 23],
  },
];

/** `holding register 0 (40001)`, `holding registers 0..2 (40001..40003)` */
export function describeRange(table: TableName, start: number, count = 1): string {
  const label = TABLES.find(({ key }) => key === table)?.label ?? table;
  return `${count === 1 ? label.replace(/s$/, '') : label} ${formatAddresses(table, start, count)}`;
}
