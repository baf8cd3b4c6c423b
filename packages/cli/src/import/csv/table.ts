import { CsvError, parse } from 'csv-parse/sync';
import { ConfigError, type PlacedProblem } from '../../config/problems.js';
import { wholeFileError } from '../../config/text.js';
import { unguarded } from '../../ground/formulas.js';

/** A line of a table; a cell may have line feeds, so it can be longer than a line of the file. */
export interface Row {
  /** In the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A CSV file as a table. */
export interface Table {
  readonly delimiter: Delimiter;
  readonly header: Row;
  readonly rows: readonly Row[];
}

const DELIMITERS = [';', '\t', ','] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Excel's way to name the delimiter ahead of the table. */
const SEPARATOR_LINE = /^sep=([;,\t])\n/i;

/** Reads a CSV file, whatever its delimiter. @param file the name to report. @throws ConfigError */
export function readTable(csv: string, file: string): Table {
  // The parser takes CR LF within a cell for two lines.
  const text = csv.replace(/\r\n?/g, '\n');
  const named = SEPARATOR_LINE.exec(text);
  const delimiter = DELIMITERS.find((each) => each === named?.[1]) ?? guessed(text);
  const [header, ...rows] = readRows(text.slice(named?.[0].length ?? 0), delimiter, file, named === null ? 0 : 1);
  if (header === undefined) throw wholeFileError(file, 'is empty; expected a line with the names of the columns first');
  return { delimiter, header, rows };
}

/** The delimiter that the first line has most of, outside of quotes. */
function guessed(text: string): Delimiter {
  const [first = ''] = text
    .replace(/"[^"]*"/g, '')
    .trimStart()
    .split('\n', 1);
  const count = (delimiter: Delimiter) => first.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',');
}

function readRows(text: string, delimiter: Delimiter, file: string, before: number): Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      trim: true,
      on_record: (cells: string[], { lines }) => {
        // The parser tells the line in which a row ends.
        const inside = cells.join().split('\n').length - 1;
        if (cells.some((cell) => cell !== ''))
          rows.push({ line: before + lines - inside, cells: cells.map(unguarded) });
        return null;
      },
    });
    return rows;
  } catch (error) {
    if (error instanceof CsvError) throw new ConfigError(file, [placed(error, before)]);
    throw error;
  }
}

const MESSAGES: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell begins with a quote and has none at its end',
  INVALID_OPENING_QUOTE: 'found a quote within a cell; put the whole cell in quotes, and write the inner one twice',
  CSV_INVALID_CLOSING_QUOTE: 'found more behind the quote at the end of a cell; write a quote within a cell twice',
};

function placed(error: CsvError, before: number): PlacedProblem {
  const { code, message } = error;
  const line = Number(error.lines);
  const column = Number(error.column) + 1;
  return {
    line: before + line,
    column: Number.isNaN(column) ? 1 : column,
    key: '',
    message: MESSAGES[code] ?? message,
  };
}
