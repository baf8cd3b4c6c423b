// The unit of busbar.mjs, kept in a folder: its first argument says by what store, the second how, the third where.
import { join } from 'node:path';
import { ModbusTcpServer, Unit } from 'busbar';
import { levelStore, Storage, sqliteStore } from 'busbar/storage';
import { ClassicLevel } from 'classic-level';
import { announce, registerValues } from './common.mjs';

const [kind, mode, folder] = process.argv.slice(2);

async function openStore() {
  if (kind === 'level') return levelStore(new ClassicLevel(folder));
  const { DatabaseSync } = await import('node:sqlite');
  return sqliteStore(new DatabaseSync(join(folder, 'values.db')));
}

const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: registerValues }] });
if (kind !== 'none') {
  const storage = await Storage.open({ store: await openStore(), mode });
  storage.on('failed', ({ error }) => {
    throw error;
  });
  await storage.keep(unit);
}
const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
await server.listen();
announce(server);
