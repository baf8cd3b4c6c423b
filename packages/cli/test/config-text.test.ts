import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { ConfigError } from '../src/config/problems.js';
import { readConfigText } from '../src/config/text.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { problems } from './helpers/problems.js';

const TEXT = 'units:\n  - id: 1\n    name: Küche\n';

/** What is said of a file with these bytes, with FILE in place of its name. */
function refusal(bytes: Uint8Array): string {
  using folder = folderWith({});
  const file = join(folder.path, 'a.yaml');
  writeFileSync(file, bytes);
  try {
    parseConfig(readConfigText(file), file);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(file, 'FILE');
    throw error;
  }
  return '';
}

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const wide = (encoding: string) =>
  `FILE: expected UTF-8, found ${encoding}; save it as UTF-8, for example with: iconv -f ${encoding} -t UTF-8 FILE`;
const REMEDY = 'save it as UTF-8, for example with: iconv -f WINDOWS-1252 -t UTF-8 FILE';

describe('a config that is not UTF-8 is refused by the name of its encoding', () => {
  test.each([
    ['UTF-16LE', utf16le(`\ufeff${TEXT}`)],
    ['UTF-16BE', utf16be(`\ufeff${TEXT}`)],
    ['UTF-16LE', utf16le(TEXT)],
    ['UTF-16BE', utf16be(TEXT)],
    ['UTF-16LE', utf16le('{"units":[{"id":1}]}')],
    ['UTF-32LE', Buffer.from([0xff, 0xfe, 0, 0, 0x75, 0, 0, 0])],
    ['UTF-32BE', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x75])],
  ])('%s, %o', (encoding, bytes) => {
    expect(refusal(bytes)).toBe(wide(encoding));
  });

  test('Latin-1, with the place of the first byte that shows it', () => {
    const message = `FILE:3:12: expected UTF-8, found the byte FC, which is "ü" in Latin-1 (Windows-1252); ${REMEDY}`;
    expect(refusal(Buffer.from(TEXT, 'latin1'))).toBe(message);
    expect(refusal(Buffer.from(TEXT.replaceAll('\n', '\r\n'), 'latin1'))).toBe(message);
  });

  test('Windows-1252', () => {
    const bytes = Buffer.concat([Buffer.from('units:\n  - id: 1\n    name: '), Buffer.from([0x80]), Buffer.from('\n')]);
    expect(refusal(bytes)).toBe(`FILE:3:11: expected UTF-8, found the byte 80, as Windows-1252 has it; ${REMEDY}`);
  });

  test.each([
    ['behind characters of several bytes', 'é\ufffd€', '1:4'],
    ['behind a byte order mark', '\ufeffab', '1:3'],
    ['at the very beginning', '', '1:1'],
  ])('also where the byte stands %s', (_, before, place) => {
    for (const after of ['', ' ', 'é\ufffd', '\n']) {
      const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)]);
      expect(refusal(bytes)).toContain(`FILE:${place}: expected UTF-8, found the byte E9`);
    }
  });
});

test.each([
  ['UTF-8', TEXT],
  ['UTF-8 with a byte order mark', `\ufeff${TEXT}`],
  ['UTF-8 with a replacement character of its own', TEXT.replace('ü', '\ufffd')],
])('%s is fine', (_, text) => {
  expect(refusal(Buffer.from(text))).toBe('');
});

test('places are right behind a byte order mark', () => {
  expect(refusal(Buffer.from('\ufeff{units: [{id: 256}]}'))).toContain('FILE:1:15: units[0].id: ');
});

test('a file of more than 16 MiB is refused, so that a disk image named by mistake does not fill the memory', () => {
  const bytes = Buffer.alloc(16 * 2 ** 20 + 1, '#');
  expect(refusal(bytes)).toBe("FILE: can't be read: it has more than 16 MiB");
});

test('the command ends with 2 and says it', async () => {
  using folder = folderWith({});
  writeFileSync(join(folder.path, 'a.yaml'), Buffer.from(TEXT, 'latin1'));
  const { code, stderr } = await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^a\.yaml:3:12: expected UTF-8, found the byte FC, .*\nbusbar: 1 problem in a\.yaml\n$/);
});

test('a file with a byte order mark and CRLF is read', () => {
  expect(problems('\ufeffunits:\r\n  - id: 1\r\n')).toEqual([]);
});

test('brackets that are open at one place are one problem', () => {
  expect(problems('units: [{id: 1\n')).toEqual([expect.stringMatching(/^x:2:1: Flow map /)]);
});

test('an unclosed bracket is reported at the end of the file', () => {
  expect(problems('units: [{id: 1')[0]).toMatch(/^x:1:15: /);
});

test('aliases that would fill the memory are refused', () => {
  const grown = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'])
    grown.push(`${name}: &${name} [${Array(9).fill(`*${of}`)}]`);
  expect(problems(grown.join('\n'))).toEqual(['x: Excessive alias count indicates a resource exhaustion attack']);
});
