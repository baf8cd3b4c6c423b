// Serves unit 1 and keeps it, as its argument says, until it is told to end. It prints what happens, one line of JSON
// for each event. A store that lies is here to test those who look for lies.
import { ModbusTcpServer } from 'busbar';
import { Storage } from 'busbar/storage';
import { createStore, createUnit } from './kept-unit.mjs';

const { kind, folder, level, lie, size, ...options } = JSON.parse(process.argv[2]);
const tell = (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`);
const describe = (error) => ({ code: error?.code, message: error?.message, cause: String(error?.cause?.message) });

/** What a store does that does not keep its word. */
const LIES = {
  /** Answers before it writes. */
  early: (store) => ({
    put: async (entries, how) => {
      setTimeout(() => store.put(entries, how).catch(() => undefined), 20);
    },
  }),
  /** Writes what belongs together one by one. */
  split: (store) => ({
    put: async (entries, how) => {
      for (const entry of entries) await store.put(new Map([entry]), how);
    },
  }),
};

function lying(store) {
  const { put } = LIES[lie](store);
  return { put, entries: (prefix) => store.entries(prefix), close: () => store.close() };
}

// A file that has grown to its limit is an error of the write, and not the end.
process.on('SIGXFSZ', () => {});
try {
  const unit = createUnit(size);
  const store = await createStore(kind, folder, level);
  const storage = await Storage.open({ store: lie ? lying(store) : store, ...options });
  storage.on('failed', ({ error }) => tell({ event: 'failed', ...describe(error) }));
  storage.on('recovered', () => tell({ event: 'recovered' }));
  storage.on('dropped', ({ part }) => tell({ event: 'dropped', part }));
  await storage.keep(unit);
  const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
  await server.listen();
  process.on('SIGTERM', async () => {
    await server.close();
    await storage.close();
  });
  tell({ event: 'listening', port: server.address().port, pid: process.pid });
} catch (error) {
  tell({ event: 'refused', ...describe(error) });
  process.exitCode = 3;
}
