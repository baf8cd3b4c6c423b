import type { OptionsError } from '../../errors.js';

/** PEM text and its source. */
export interface PemSource {
  /** The file, or the option with the text. */
  readonly name: string;
  /** One character for each byte. */
  readonly text: string;
  /** Every user of the machine may read it. */
  readonly readableByAll: boolean;
  /** An error that names the option, and the file if there is one. */
  fault(problem: string): OptionsError;
}

/** The PEM texts of the options. */
export interface PemSources {
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly ca: PemSource | undefined;
  readonly crl: PemSource | undefined;
}

/** One block, rewritten in OpenSSL's form, because OpenSSL silently skips anything that it cannot read. */
export interface PemBlock {
  readonly kind: string;
  readonly text: string;
  readonly der: Buffer;
}

const BEGIN = '-----BEGIN ';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The blocks of these kinds, wherever they are: after a byte-order mark, directly after each other, or all on one line.
 * @throws OptionsError if there are none, or one is damaged.
 */
export function pemBlocks(source: PemSource, kinds: readonly string[]): [PemBlock, ...PemBlock[]] {
  const parts = source.text.split(BEGIN).slice(1);
  const [first, ...rest] = parts.filter((part) => kinds.includes(kindOf(part))).map((part) => readBlock(source, part));
  if (first === undefined) throw source.fault(`expected PEM with a ${kinds[0]}, ${foundInstead(source.text, parts)}`);
  return [first, ...rest];
}

function foundInstead(text: string, parts: readonly string[]): string {
  if (text.includes('\0')) return 'this is not ASCII or UTF-8 text: save it again as UTF-8';
  const kind = parts.map(kindOf).find((found) => found !== '');
  return kind === undefined ? 'found none' : `found only a ${kind}`;
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
  if (!BASE64.test(base64)) throw source.fault(`a ${kind} in it cannot be read: it is not base64`);
  // Headers of a private key that is encrypted in the old format.
  const headers = lines.filter((line) => line.includes(':')).map((line) => line.trim());
  return { kind, text: formatBlock(kind, headers, base64), der: Buffer.from(base64, 'base64') };
}

function formatBlock(kind: string, headers: readonly string[], base64: string): string {
  const above = headers.length === 0 ? [] : [...headers, ''];
  const body = base64.match(/.{1,64}/g) ?? [];
  return [`${BEGIN}${kind}-----`, ...above, ...body, `-----END ${kind}-----`, ''].join('\n');
}
