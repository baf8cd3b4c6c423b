import { ConfigError, type PlacedProblem } from '../config/problems.js';
import { readConfigText, shownName } from '../config/text.js';
import { configProblems } from '../draft/check.js';
import type { Imported } from '../draft/draft.js';
import { configYaml } from '../draft/yaml.js';
import { amount } from '../ground/amount.js';
import { writeNewFile } from '../ground/new-file.js';
import { print } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { importCsv } from './csv/import.js';
import { cellOf } from './csv/place-problems.js';
import { readInput, tableText } from './input.js';
import { importPymodbus } from './pymodbus/import.js';
import { importSunspec } from './sunspec/import.js';

/** What to import, and where to. */
export interface ImportOptions {
  readonly kind: 'csv' | 'pymodbus' | 'sunspec';
  readonly files: readonly string[];
  /** Without it, the config is printed. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly encoding: string | undefined;
  readonly firstAddress: 0 | 1;
  readonly server: string | undefined;
  readonly device: string | undefined;
  readonly base: number;
  readonly repeats: ReadonlyMap<string, number>;
}

/** A file as a config, and where the problems of the config are in the file. */
interface Made extends Imported {
  place(problem: PlacedProblem): PlacedProblem;
}

/** Imports files, and says what the config has otherwise. @returns the exit code. @throws ConfigError, UsageError */
export async function runImport(options: ImportOptions): Promise<number> {
  const made = make(options);
  const names = options.files.map(shownName).join(', ');
  const about = [`Imported from ${names} by busbar import ${options.kind}.`, ...made.notes];
  const text = configYaml(made.draft, about, made.headings);
  const problems = configProblems(text, options.out ?? names);
  if (problems.length > 0)
    throw new ConfigError(
      names,
      problems.map((problem) => made.place(problem)),
    );
  for (const note of made.notes) process.stderr.write(`${shown(`${names}: note: ${note}`)}\n`);
  return await deliver(text, made, options);
}

function make({ kind, files, encoding, firstAddress, server, device, base, repeats }: ImportOptions): Made {
  const [file] = files;
  const name = shownName(file);
  // What is wrong with the config is so with the file as a whole.
  const place = ({ key, message }: PlacedProblem) => ({ line: 0, column: 0, key, message });
  if (kind === 'pymodbus') return { ...importPymodbus(readConfigText(file), name, { server, device }), place };
  if (kind === 'sunspec') {
    const texts = files.map((each) => ({ file: shownName(each), text: readConfigText(each) }));
    return { ...importSunspec(texts, { base, repeats }), place };
  }
  const csv = importCsv(tableText(readInput(file), name, encoding), name, firstAddress);
  return { ...csv, place: (problem) => cellOf(problem, csv) };
}

async function deliver(text: string, { draft }: Imported, { out, force }: ImportOptions): Promise<number> {
  if (out === undefined || out === '-') return await print(text);
  const problem = writeNewFile(out, text, force);
  if (problem !== undefined) {
    process.stderr.write(`busbar: ${problem}\n`);
    return 1;
  }
  const points = draft.units.reduce((sum, unit) => sum + Object.keys(unit.points ?? {}).length, 0);
  const counts = `${amount(points, 'point')} in ${amount(draft.units.length, 'unit')}`;
  return await print(`${out}: ${counts}\nServe it with: busbar serve --config ${out}\n`);
}
