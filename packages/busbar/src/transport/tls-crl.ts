import { DER, elementsOf, readElement } from './der.js';

/** When the next revocation list is due; this one is of no use from then on. @param list in DER. Undefined: not said. */
export function nextUpdateOf(list: Uint8Array): Date | undefined {
  const [tbsCertList] = elementsOf(list, readElement(list, 0, list.length));
  const times = elementsOf(list, tbsCertList).filter(({ tag }) => tag === DER.utcTime || tag === DER.generalizedTime);
  // thisUpdate is the first; the times of the entries stand deeper.
  const nextUpdate = times[1];
  return nextUpdate && parseTime(Buffer.from(list.subarray(nextUpdate.start, nextUpdate.end)).toString('latin1'));
}

/** UTCTime or GeneralizedTime, as RFC 5280 wants them: to the second, in UTC. */
function parseTime(text: string): Date | undefined {
  const match = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [century, year, ...rest] = match.slice(1);
  const [month, day, hour, minute, second] = rest.map(Number);
  const fullYear = Number((century ?? (Number(year) < 50 ? '20' : '19')) + year);
  return new Date(Date.UTC(fullYear, month - 1, day, hour, minute, second));
}
