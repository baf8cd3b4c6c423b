/** The four tables as people and clients name them. */
export interface TableFacts {
  key: 'coils' | 'discreteInputs' | 'holdingRegisters' | 'inputRegisters';
  label: string;
  /** First digit of the references that manuals use: 4 in 40001. */
  reference: string;
  /** mbpoll's -t. */
  mbpollType: string;
  /** Function code that reads it. */
  read: number;
}

export const TABLES: readonly TableFacts[] = [
  { key: 'coils', label: 'coils', reference: '0', mbpollType: '0', read: 1 },
  { key: 'discreteInputs', label: 'discrete inputs', reference: '1', mbpollType: '1', read: 2 },
  { key: 'inputRegisters', label: 'input registers', reference: '3', mbpollType: '3', read: 4 },
  { key: 'holdingRegisters', label: 'holding registers', reference: '4', mbpollType: '4', read: 3 },
];
