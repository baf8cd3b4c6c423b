import { schemaProblems } from '../../config/issues.js';
import { valueAt } from '../../config/parts.js';
import { ConfigError, type Problem } from '../../config/problems.js';
import type { Schema } from '../../config/schema-place.js';
import { Source } from '../../config/source.js';
import type { Imported } from '../../draft/draft.js';
import type { Path } from '../../ground/path.js';
import { didYouMean } from '../../ground/suggest.js';
import { Notes } from '../notes.js';
import { areasOf } from './areas.js';
import { Cells } from './cells.js';
import { identityOf, listenerOf, unknownUnitOf } from './listener.js';
import { contentOf } from './points.js';
import { deviceSchema, serverSchema } from './schema.js';

/** Which server and device of a setup are meant. Without a name: the only one, or the one named as by default. */
export interface PymodbusChoice {
  server?: string | undefined;
  device?: string | undefined;
}

/**
 * Turns a setup of pymodbus' simulator into a config. @param file the name to report.
 * @throws ConfigError with all that pymodbus would refuse, too.
 */
export function importPymodbus(text: string, file: string, choice: PymodbusChoice): Imported {
  const source = new Source(text, file);
  const fail = (problems: readonly Problem[]) => new ConfigError(file, source.place(problems));
  const serverPath = pick(source.value, 'server_list', choice.server ?? 'server', choice.server !== undefined, fail);
  const devicePath = pick(source.value, 'device_list', choice.device ?? 'device', choice.device !== undefined, fail);
  const problems = [...wrong(source.value, serverPath, serverSchema), ...wrong(source.value, devicePath, deviceSchema)];
  if (problems.length > 0) throw fail(problems);
  const server = serverSchema.parse(at(source.value, serverPath));
  const device = deviceSchema.parse(at(source.value, devicePath));
  const memory = new Cells(device);
  if (memory.problems.length > 0) {
    throw fail(memory.problems.map(({ path, message }) => ({ path: [...devicePath, ...path], message })));
  }
  const notes = new Notes();
  const whole = device.setup['type exception'];
  if (whole)
    notes.add(
      'a part of a value can be read, and a write to it gets exception 03; pymodbus answers both with 02',
      'type exception',
    );
  const unit = {
    id: server.device_id ?? 1,
    name: String(devicePath[1]),
    ...(device.setup['shared blocks'] && { shared: true }),
    ...contentOf(areasOf(device, memory.cells), whole, notes),
    ...identityOf(server),
  };
  const draft = { listen: [listenerOf(server, notes)], ...unknownUnitOf(server), units: [unit] };
  return { draft, headings: new Map(), notes: notes.lines };
}

function at(root: unknown, path: Path): unknown {
  return path.reduce(valueAt, root);
}

function wrong(root: unknown, path: Path, schema: Schema): Problem[] {
  return schemaProblems(at(root, path), schema).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

/** The path of an entry of a list, which is a map of names. */
function pick(
  root: unknown,
  list: string,
  name: string,
  isAsked: boolean,
  fail: (problems: readonly Problem[]) => ConfigError,
): [string, string] {
  const found = valueAt(root, list);
  const names = typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.keys(found) : [];
  if (names.length === 0) {
    throw fail([
      { path: [], message: `expected the key "${list}" with at least one entry, as setups of pymodbus have it` },
    ]);
  }
  if (names.includes(name)) return [list, name];
  if (!isAsked && names.length === 1) return [list, names[0]];
  const option = `--${list.split('_', 1)[0]} NAME`;
  const message = isAsked ? `has no "${name}"${didYouMean(name, names, '"')}` : `has several: choose with ${option}`;
  throw fail([{ path: [list], message: `${message}; its names are ${names.join(', ')}` }]);
}
