import type { Exchange } from '../../api/contract.js';

/** A summary in its parts. */
interface Said {
  /** The function: `Read input registers`. */
  readonly name: string;
  /** Its range and values, with the space or the comma ahead of them. */
  readonly words: string;
  /** `exception 02 illegal data address`, `no reply`, or nothing. */
  readonly failure: string;
  /** The points that it touches, with their values where the summary has them. */
  readonly points: string;
  /** Whether there are more of them. */
  readonly isCut: boolean;
}

/** The server puts the points into brackets, behind what was asked. */
const WITH_POINTS = /^(?<before>.*?) \[(?<points>.*)\](?<behind>[^\]]*)$/s;

/** What has come instead of an answer. */
const WITH_FAILURE = /^(?<before>.*): (?<failure>exception .*|no reply)$/s;

/** The parts of a summary, so that each can be seen at a glance. */
export function said({ name, summary, points }: Exchange): Said {
  const found = points.length === 0 ? undefined : WITH_POINTS.exec(summary)?.groups;
  const { before = summary, behind = '', points: named = '' } = found ?? {};
  const whole = before + behind;
  const { before: asked = whole, failure = '' } = WITH_FAILURE.exec(whole)?.groups ?? {};
  const isNamed = asked.toLowerCase().startsWith(name.toLowerCase());
  return {
    name,
    words: isNamed ? asked.slice(name.length) : `: ${asked}`,
    failure,
    points: named,
    isCut: / … \(\d+ points\)$/.test(named),
  };
}
