// Looks into the stores in the folders that its input names, one a line, and prints for each what comes back: a line of
// JSON with the values of all parts, or with the code of the error that refuses the store.
import { createInterface } from 'node:readline';
import { Storage } from 'busbar/storage';
import { createStore, createUnit } from './kept-unit.mjs';

const { kind, size } = JSON.parse(process.argv[2]);

async function look(folder) {
  let storage;
  try {
    storage = await Storage.open({ store: await createStore(kind, folder) });
    const unit = createUnit(size);
    await storage.keep(unit);
    return {
      coils: unit.coils.getRange(0, size.coils).map(Number),
      holding: unit.holdingRegisters.getRange(0, size.holding),
      file1: unit.files.get(1).getRange(0, size.file1),
      file2: unit.files.get(2).getRange(0, size.file2),
    };
  } catch (error) {
    return { code: error.code, message: error.message };
  } finally {
    await storage?.close();
  }
}

for await (const folder of createInterface({ input: process.stdin })) console.log(JSON.stringify(await look(folder)));
