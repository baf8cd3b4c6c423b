/** A system call on a file or socket, as strace has seen it. */
export interface SystemCall {
  readonly name: string;
  /** What the file descriptor leads to: a path, or `socket:[…]`. */
  readonly target: string;
  /** In hex: the bytes of a write, and what else there is of it. */
  readonly hex: string;
  /** Places in the order of all that began and ended. */
  readonly begin: number;
  readonly end: number;
  readonly succeeded: boolean;
}

const SYNCS = ['fsync', 'fdatasync'];
const WRITES = ['write', 'writev', 'pwrite64', 'pwritev', 'sendto', 'sendmsg'];

/** Arguments of strace for a report that `parseCalls` reads: all threads, all bytes, what descriptors lead to. */
export function straceArguments(report: string): string[] {
  return ['-f', '-y', '-xx', '-s', '65536', '-o', report, '-e', `trace=${[...SYNCS, ...WRITES]}`];
}

const LINE = /^(\d+) +(?:(\w+)\((.*?)|<\.\.\. (\w+) resumed>(.*?))(?: <unfinished \.\.\.>|\) += (-?\d+).*)$/;

/** The calls that ended, in the order of their ends. Strace cuts one in two when another thread comes between. */
export function parseCalls(report: string): SystemCall[] {
  const begun = new Map<string, { name: string; args: string; begin: number }>();
  const calls: SystemCall[] = [];
  for (const [place, line] of report.split('\n').entries()) {
    const [, thread = '', name, args = '', resumed, rest = '', result] = LINE.exec(line) ?? [];
    if (name !== undefined && result === undefined) begun.set(thread, { name, args, begin: place });
    else if (name !== undefined) calls.push(callOf({ name, args, begin: place }, place, result));
    const first = resumed === undefined ? undefined : begun.get(thread);
    if (first !== undefined) calls.push(callOf({ ...first, args: first.args + rest }, place, result));
  }
  return calls;
}

function callOf(first: { name: string; args: string; begin: number }, end: number, result = '-1'): SystemCall {
  const [, descriptor = '', data = ''] = /^\d+<([^>]*)>(.*)$/s.exec(first.args) ?? [];
  const target = Buffer.from(hexOf(descriptor), 'hex').toString();
  return { name: first.name, target, hex: hexOf(data), begin: first.begin, end, succeeded: Number(result) >= 0 };
}

/** The digits of a text in the manner of C: `\x0a\xff`. */
function hexOf(text: string): string {
  return [...text.matchAll(/\\x([0-9a-f]{2})/g)].map(([, digits]) => digits).join('');
}

/** A write that was acknowledged: bytes that are in no other request, and the whole reply. In hex. */
export interface Acknowledged {
  readonly value: string;
  readonly reply: string;
}

/**
 * What came between the write of the value to a file of the folder, and the reply: `synced` if this file was synced;
 * `not synced` if it was not, `not written` if the reply came before the write, or without it.
 */
export function fateOf(calls: readonly SystemCall[], folder: string, { value, reply }: Acknowledged): string {
  const replied = calls.find(({ target, hex }) => target.startsWith('socket:') && hex.includes(reply));
  if (replied === undefined) return 'not answered';
  const written = calls.find(
    ({ name, target, hex, succeeded }) =>
      WRITES.includes(name) && target.startsWith(folder) && hex.includes(value) && succeeded,
  );
  if (written === undefined || written.end > replied.begin) return 'not written';
  const synced = calls.some(
    ({ name, target, begin, end, succeeded }) =>
      SYNCS.includes(name) && target === written.target && begin > written.end && end < replied.begin && succeeded,
  );
  return synced ? 'synced' : 'not synced';
}
