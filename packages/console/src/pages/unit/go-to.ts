import type { TableWord } from '../../api/contract.js';
import { TABLES } from './tables.js';

/** Where a text leads to: a protocol address, or why it leads nowhere. */
export type Target = { readonly address: number } | { readonly problem: string };

/**
 * Reads an address in any notation: `100`, `0x64`, `holding 100`, `40101`, `400101`, `4x0101`, `%MW100`.
 * Five and six digits that begin with the digit of the table are a reference.
 */
export function targetOf(text: string, word: TableWord): Target {
  const given = text.trim().toLowerCase();
  const { digit, place, name } = TABLES[word];
  const reference = new RegExp(`^${digit}(?:x?(\\d{4,5}))$`).exec(given);
  if (reference) return checked(Number(reference[1]) - 1, text);
  const other = /^([0134])(?:x\d{4,5}|\d{4})$/.exec(given);
  if (other && other[1] !== '0') return { problem: `${text} is not in the table of ${name.toLowerCase()}` };
  const bare = given.replace(new RegExp(`^(?:${place}|${word}|%[mi]w?)\\s*`), '');
  if (!/^(?:0x[\da-f]+|\d+)$/.test(bare)) return { problem: `${text} is no address: write 100, 0x64 or ${digit}0101` };
  return checked(Number(bare), text);
}

function checked(address: number, text: string): Target {
  return address >= 0 && address <= 0xffff ? { address } : { problem: `${text} is beyond the addresses, 0 to 65535` };
}
