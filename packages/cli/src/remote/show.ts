import { print } from '../ground/output.js';
import { shown } from '../ground/shown.js';

/** Prints an answer as JSON. @returns the exit code. */
export function printJson(answer: unknown): Promise<number> {
  return print(`${JSON.stringify(answer, undefined, 2)}\n`);
}

/** Prints a table whose columns stand below one another. @returns the exit code. */
export function printRows(rows: readonly (readonly string[])[]): Promise<number> {
  const safe = rows.map((row) => row.map(shown));
  const widths = (safe[0] ?? []).map((_, column) => Math.max(...safe.map((row) => row[column]?.length ?? 0)));
  const lines = safe.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return print(lines.map((line) => `${line}\n`).join(''));
}

export function printLine(text: string): Promise<number> {
  return print(`${shown(text)}\n`);
}
