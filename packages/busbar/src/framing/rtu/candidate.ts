export const HEADER_LENGTH = 1;
export const CRC_LENGTH = 2;
/** Address and CRC. */
export const AROUND_PDU: number = HEADER_LENGTH + CRC_LENGTH;
/** Address, function code, CRC. */
export const MIN_ADU_LENGTH = 4;

/**
 * What a position can be: the beginning of no frame, of a frame that lacks bytes, or of a whole frame with a good CRC.
 */
type Verdict = 'nothing' | 'waiting' | 'intact';

/** Whose frame it is. A request to this server that is too long for it to answer counts as a foreign one. */
export type Kind = 'own request' | 'foreign request' | 'reply';

/** How the bytes at a position read, as far as they have come. */
export interface Candidate {
  readonly verdict: Verdict;
  readonly at: number;
  /** Bytes of the frame if it is intact. Of a frame that waits for its rest: its bytes if that is known, else 0. */
  readonly length: number;
  readonly kind: Kind;
  /** The function code or an earlier request tells the length. If not, any bytes may look like the frame by chance. */
  readonly certain: boolean;
  /** Where a frame ends that certainly began here, but has a wrong CRC; 0 if there is none. */
  readonly damagedUntil: number;
  /** It was taken only because the line is silent: what follows may belong to it. */
  readonly openEnded: boolean;
}

export const NOTHING: Candidate = damagedFrame(0, 0);
/** A frame may begin here, but it is not known how long it is. */
export const WAITING: Candidate = waitingFor(0, 0, 'reply');

// Each writes all fields, and in the same order: to spread a blank one takes ten times as long, with every byte of the
// line.

export function intactFrame(at: number, length: number, kind: Kind, certain: boolean): Candidate {
  return { verdict: 'intact', at, length, kind, certain, damagedUntil: 0, openEnded: false };
}

export function waitingFor(at: number, length: number, kind: Kind): Candidate {
  return { verdict: 'waiting', at, length, kind, certain: false, damagedUntil: 0, openEnded: false };
}

export function damagedFrame(at: number, end: number): Candidate {
  return { verdict: 'nothing', at, length: 0, kind: 'reply', certain: false, damagedUntil: end, openEnded: false };
}

/** What two ways to read the same position come to, if the first of them has found no intact frame. */
export function either(first: Candidate, second: Candidate): Candidate {
  if (first === NOTHING) return second;
  if (second === NOTHING) return first;
  const secondIsBetter = second.verdict === 'intact' || (second.verdict === 'waiting' && second.length > 0);
  const better = secondIsBetter || first.verdict === 'nothing' ? second : first;
  const damagedUntil = Math.max(first.damagedUntil, second.damagedUntil);
  return damagedUntil === better.damagedUntil ? better : { ...better, damagedUntil };
}

/** A stretch of bytes that is the data of a damaged frame: what reads like a frame in it is not one. */
export interface Damage {
  readonly from: number;
  readonly until: number;
}

export const NO_DAMAGE: Damage = { from: 0, until: 0 };

/** The one of two stretches that reaches further. */
export function furtherDamage(damage: Damage, { at, damagedUntil }: Candidate): Damage {
  return damagedUntil > damage.until ? { from: at, until: damagedUntil } : damage;
}

/** Whether the frame lies among the data of a damaged one. */
export function isDataOf(damage: Damage, { at, length }: Candidate): boolean {
  return at > damage.from && at + length <= damage.until - CRC_LENGTH;
}
