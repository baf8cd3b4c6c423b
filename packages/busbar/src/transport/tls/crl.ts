import { DER, type DerElement, elementsOf, readElement } from './der.js';
import { nameKey, nameText } from './names.js';

/** The revocation list of a CA. */
export interface RevocationList {
  /** The CA's name, as `nameKey` makes it. */
  readonly issuer: string;
  /** The same for people. */
  readonly issuerName: string;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  /** When the next list is due, and this one expires; undefined if absent. */
  readonly nextUpdate: number | undefined;
  /** Serial numbers in hexadecimal, as in certificates. */
  readonly serials: ReadonlySet<string>;
}

/** @param list in DER. @returns undefined if it is unreadable. */
export function readRevocationList(list: Uint8Array): RevocationList | undefined {
  const [tbsCertList] = elementsOf(list, readElement(list, 0, list.length));
  const parts = elementsOf(list, tbsCertList);
  // The version may be absent; then come the signature's algorithm and the issuer.
  const at = parts[0]?.tag === DER.integer ? 2 : 1;
  const [issuer, thisUpdate, next, ...others] = parts.slice(at);
  if (issuer === undefined || thisUpdate === undefined) return undefined;
  const began = readTime(list, thisUpdate);
  if (began === undefined) return undefined;
  const nextUpdate = next && readTime(list, next);
  const entries = [next, ...others].find((part) => part?.tag === DER.sequence);
  const serials = elementsOf(list, entries).map((entry) => serialOf(list, entry));
  return {
    issuer: nameKey(list, issuer),
    issuerName: nameText(list, issuer),
    thisUpdate: began,
    nextUpdate,
    serials: new Set(serials),
  };
}

function serialOf(list: Uint8Array, entry: DerElement): string {
  const [serial] = elementsOf(list, entry);
  const { start = 0, end = 0 } = serial ?? {};
  return formatSerial(Buffer.from(list.subarray(start, end)).toString('hex'));
}

/** Without leading zeros, which mean nothing. */
export function formatSerial(hex: string): string {
  return hex.toUpperCase().replace(/^0+(?=.)/, '');
}

/** UTCTime or GeneralizedTime, as RFC 5280 requires them: to the second, in UTC. */
function readTime(list: Uint8Array, { tag, start, end }: DerElement): number | undefined {
  if (tag !== DER.utcTime && tag !== DER.generalizedTime) return undefined;
  const text = Buffer.from(list.subarray(start, end)).toString('latin1');
  const match = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [century, year, ...rest] = match.slice(1);
  const [month, day, hour, minute, second] = rest.map(Number);
  const fullYear = Number((century ?? (Number(year) < 50 ? '20' : '19')) + year);
  return Date.UTC(fullYear, month - 1, day, hour, minute, second);
}
