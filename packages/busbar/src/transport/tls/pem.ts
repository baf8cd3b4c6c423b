import type { OptionsError } from '../../errors.js';

/** A text of PEM, and where it comes from. */
export interface PemSource {
  /** The file, or the option that holds the text. */
  readonly name: string;
  /** Each byte of it one character. */
  readonly text: string;
  /** Every user of the machine may read it. */
  readonly readableByAll: boolean;
  /** An error that names the option, and the file if there is one. */
  fault(problem: string): OptionsError;
}

/** One block, written again as OpenSSL reads it: OpenSSL passes over what it can't read without a word. */
export interface PemBlock {
  readonly kind: string;
  readonly text: string;
  readonly der: Buffer;
}

const BEGIN = '-----BEGIN ';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The blocks of these kinds, wherever they stand: behind a byte-order mark, behind each other with no line between, all on one line.
 * @throws OptionsError if there is none, or one of them is damaged.
 */
export function pemBlocks(source: PemSource, kinds: readonly string[]): [PemBlock, ...PemBlock[]] {
  const parts = source.text.split(BEGIN).slice(1);
  const [first, ...rest] = parts.filter((part) => kinds.includes(kindOf(part))).map((part) => readBlock(source, part));
  if (first === undefined) throw source.fault(`expected PEM with a ${kinds[0]}; ${foundInstead(source.text, parts)}`);
  return [first, ...rest];
}

function foundInstead(text: string, parts: readonly string[]): string {
  if (text.includes('\0')) return 'this is no text in ASCII or UTF-8: save it again as UTF-8';
  const kind = parts.map(kindOf).find((found) => found !== '');
  return kind === undefined ? 'there is none in it' : `there is none in it, but a ${kind}`;
}

function kindOf(part: string): string {
  return /^([A-Z0-9 ]+)-----/.exec(part)?.[1] ?? '';
}

function readBlock(source: PemSource, part: string): PemBlock {
  const kind = kindOf(part);
  const end = part.indexOf(`-----END ${kind}-----`);
  if (end < 0) throw source.fault(`a ${kind} in it is cut off: its END line is missing`);
  const lines = part.slice(kind.length + '-----'.length, end).split(/[\r\n]+|\\[rn]/);
  const base64 = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .replaceAll(/\s/g, '');
  if (!BASE64.test(base64)) throw source.fault(`a ${kind} in it cannot be read: it is no base64`);
  // Those of a private key that is encrypted in the old way.
  const headers = lines.filter((line) => line.includes(':')).map((line) => line.trim());
  return { kind, text: formatBlock(kind, headers, base64), der: Buffer.from(base64, 'base64') };
}

function formatBlock(kind: string, headers: readonly string[], base64: string): string {
  const above = headers.length === 0 ? [] : [...headers, ''];
  const body = base64.match(/.{1,64}/g) ?? [];
  return [`${BEGIN}${kind}-----`, ...above, ...body, `-----END ${kind}-----`, ''].join('\n');
}
