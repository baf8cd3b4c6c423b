/** The read of a server's pulse: input registers 0 and 1, which the server that leads counts up and signs. */
export const PULSE = Buffer.from([4, 0, 0, 0, 2]);

/** A count that a client has read, and who has signed it: 1 for the first server, 0 for nobody yet. */
export interface Beat {
  readonly count: number;
  readonly author: number;
  /** The server that was asked. */
  readonly reader: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Whether one server at a time has led. What a server shows of its own may not be in the image yet, and may be taken
 * back; what it shows of others is.
 * @returns what is wrong, in words.
 */
export function problemsOfBeats(beats: readonly Beat[]): string[] {
  const inImage = beats.filter(({ author, reader }) => author !== 0 && author !== reader);
  const readers = new Set(inImage.map(({ reader }) => reader));
  const falls = [...readers].flatMap((reader) => fallsOf(inImage.filter((beat) => beat.reader === reader)));
  return [...falls, ...doublesOf(inImage)];
}

/** The highest count that was read before must not be above those that are read later. */
function fallsOf(beats: readonly Beat[]): string[] {
  const byEnd = beats.toSorted((a, b) => a.end - b.end);
  const byStart = beats.toSorted((a, b) => a.start - b.start);
  let [highest, over] = [0, 0];
  return byStart.flatMap(({ count, start, reader }) => {
    while (over < byEnd.length && byEnd[over].end < start) highest = Math.max(highest, byEnd[over++].count);
    return count < highest ? [`server ${reader} showed the count ${highest}, and then ${count}`] : [];
  });
}

function doublesOf(beats: readonly Beat[]): string[] {
  const authors = new Map<number, number>();
  return beats.flatMap(({ count, author }) => {
    const other = authors.get(count) ?? author;
    authors.set(count, other);
    return other === author ? [] : [`servers ${other} and ${author} have both led at the count ${count}`];
  });
}
