import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startBusbar } from './helpers/busbar.js';
import { COMMAND } from './helpers/command-log.js';
import { runChecked } from './helpers/process.js';
import { PymodbusClient } from './helpers/pymodbus.js';

function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}

const CALLS = {
  coils: ['read_coils', 'bits', 2000],
  discreteInputs: ['read_discrete_inputs', 'bits', 2000],
  holdingRegisters: ['read_holding_registers', 'registers', 125],
  inputRegisters: ['read_input_registers', 'registers', 125],
} as const;
type Table = keyof typeof CALLS;

/** What each address holds; undefined where reading it is refused. */
type Content = readonly (number | undefined)[];

/** What pymodbus' own simulator answers. clients/pymodbus_simulator.py has recorded it, as Debian's pymodbus has none. */
const recorded: { devices: Record<string, Record<Table, string>> } = JSON.parse(
  readFileSync(fixture('pymodbus-simulator.json'), 'utf8'),
);

function contentOf(text: string): Content {
  const [cells, radix] = text.includes(' ') ? [text.split(' '), 16] : [[...text], 2];
  return cells.map((cell) => (cell === '-' ? undefined : Number.parseInt(cell, radix)));
}

interface ImportedPoint {
  at: string;
  type: string;
  simulate?: object;
}

/** The registers that move, and so can't be compared. */
function movingRegisters(points: Record<string, ImportedPoint>): Set<number> {
  const moving = Object.values(points).filter(({ simulate }) => simulate !== undefined);
  return new Set(
    moving.flatMap(({ at, type }) => {
      const address = Number(at.split(' ')[1]);
      return type.endsWith('32') ? [address, address + 1] : [address];
    }),
  );
}

/** Neighbouring addresses that all exist or all don't, at most as many as one request reads. */
function runsOf(content: Content, most: number): [number, Content][] {
  const runs: [number, Content][] = [];
  for (let start = 0; start < content.length; ) {
    let end = start + 1;
    while (
      end < content.length &&
      end - start < most &&
      (content[end] === undefined) === (content[start] === undefined)
    )
      end++;
    runs.push([start, content.slice(start, end)]);
    start = end;
  }
  return runs;
}

async function read(client: PymodbusClient, table: Table, address: number, count: number) {
  const [call, field] = CALLS[table];
  const reply = await client.call(call, { address, count }, field);
  const values = reply[field];
  if (!Array.isArray(values)) return { exception: reply.exception };
  return values.slice(0, count).map(Number);
}

describe('a setup of pymodbus that Busbar has imported', () => {
  test.each(Object.keys(recorded.devices))('is served as pymodbus serves it, value by value: %s', async (device) => {
    const text = await runChecked(process.execPath, [
      COMMAND,
      'import',
      'pymodbus',
      fixture('pymodbus-setup.json'),
      '--device',
      device,
    ]);
    const config = parse(text);
    const moving = movingRegisters(config.units[0].points);
    const busbar = await startBusbar(config);
    const client = await PymodbusClient.connect(busbar.port);
    try {
      for (const table of Object.keys(CALLS) as Table[]) {
        const isBits = CALLS[table][1] === 'bits';
        const still = (value: number | undefined, address: number) =>
          moving.has(isBits ? address >> 4 : address) ? 'moves' : value;
        const content = contentOf(recorded.devices[device][table]);
        for (const [address, expected] of runsOf(content, CALLS[table][2])) {
          const found = await read(client, table, address, expected.length);
          const place = `${device} ${table} ${address}`;
          if (expected[0] === undefined) expect(found, place).toEqual({ exception: 2 });
          else
            expect(Array.isArray(found) && found.map((value, i) => still(value, address + i)), place).toEqual(
              expected.map((value, i) => still(value, address + i)),
            );
        }
      }
    } finally {
      await client.close();
      await busbar.stop();
    }
  });
});
