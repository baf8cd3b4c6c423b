import type { Draft, DraftUnit, Imported } from '../../draft/draft.js';
import { Notes } from '../notes.js';
import { areasOf } from './areas.js';
import { Cells } from './cells.js';
import { identityOf, listenerOf, unknownUnitOf } from './listener.js';
import { contentOf } from './points.js';
import { deviceSchema, type PymodbusDevice, type PymodbusServer, serverSchema } from './schema.js';
import { SetupFile } from './setup-file.js';

/** Which server and device of a setup are meant. */
export interface PymodbusChoice {
  server?: string | undefined;
  device?: string | undefined;
}

/**
 * Turns a setup of pymodbus' simulator into a config. @param file the name to report.
 * @throws ConfigError with what pymodbus would refuse, too.
 */
export function importPymodbus(text: string, file: string, choice: PymodbusChoice): Imported {
  const setup = new SetupFile(text, file);
  const server = setup.read(setup.pick('server_list', choice.server), serverSchema);
  const devicePath = setup.pick('device_list', choice.device);
  const device = setup.read(devicePath, deviceSchema);
  const memory = new Cells(device);
  if (memory.problems.length > 0) throw setup.error(memory.problems, devicePath);
  const notes = new Notes();
  const draft: Draft = {
    listen: [listenerOf(server, notes)],
    ...unknownUnitOf(server),
    units: [unitOf(devicePath[1], server, device, memory, notes)],
  };
  return { draft, headings: new Map(), notes: notes.lines };
}

function unitOf(name: string, server: PymodbusServer, device: PymodbusDevice, memory: Cells, notes: Notes): DraftUnit {
  const { 'type exception': whole, 'shared blocks': shared } = device.setup;
  if (whole) notes.add(WHOLE, 'type exception');
  return {
    id: server.device_id ?? 1,
    name,
    ...(shared && { shared }),
    ...contentOf(areasOf(device, memory.cells), whole, notes),
    ...identityOf(server),
  };
}

const WHOLE = 'a part of a value can be read, and a write to it gets exception 03; pymodbus answers both with 02';
