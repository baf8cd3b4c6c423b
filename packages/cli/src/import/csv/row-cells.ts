import type { PlacedProblem } from '../../config/problems.js';
import { CellError } from './cells.js';
import type { Column, Layout } from './columns.js';
import type { Delimiter, Row } from './table.js';

/** How the cells of a file are read. */
export interface Reading {
  readonly layout: Layout;
  readonly header: Row;
  readonly delimiter: Delimiter;
  /** What addresses are counted from. */
  readonly first: 0 | 1;
}

/** The cells of a line, by their columns. */
export class RowCells {
  readonly #row: Row;
  readonly #reading: Reading;
  readonly #problems: PlacedProblem[];

  constructor(row: Row, reading: Reading, problems: PlacedProblem[]) {
    this.#row = row;
    this.#reading = reading;
    this.#problems = problems;
  }

  /** What a cell says; undefined if it is empty or not there. */
  text(column: Column): string | undefined {
    const place = this.#reading.layout.get(column);
    return (place === undefined ? undefined : this.#row.cells[place]) || undefined;
  }

  /** Reads a cell; a problem is placed there. */
  read<T>(column: Column, read: (text: string) => T): T | undefined {
    const text = this.text(column);
    return text === undefined ? undefined : this.readAt(column, () => read(text));
  }

  readAt<T>(column: Column, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      const place = this.#reading.layout.get(column) ?? 0;
      const key = this.#reading.header.cells[place];
      this.#problems.push({ line: this.#row.line, column: place + 1, key, message: error.message });
      return undefined;
    }
  }
}
