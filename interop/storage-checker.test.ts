import { beforeEach, describe, expect, test } from 'vitest';
import { History } from './storage/history.js';
import { CLIENTS, contentOf, createSlots, type Image, SIZE, type Slot } from './storage/slots.js';
import { fateOf, parseCalls } from './storage/system-calls.js';

// Those who look for lost writes are shown some: they must find each, and nothing else.

const slots = createSlots();
const own = slots.find(({ name, clients }) => name.endsWith('(function 10)') && clients.length === 1)!;
const common = slots.find(({ name, clients }) => name.endsWith('(function 10)') && clients.length > 1)!;

let history: History;
beforeEach(() => {
  history = new History();
});

function begin(slot: Slot, client: number, stamp: number) {
  return history.begin(slot, client, slot.content(stamp));
}

function faults(slot: Slot, found: readonly number[]): string[] {
  return history.check([slot], () => found);
}

describe('the checker of histories', () => {
  test('takes zeros where nobody has written, and nothing else', () => {
    expect(faults(own, own.content(0).fill(0))).toEqual([]);
    expect(faults(own, own.content(7))).toEqual([expect.stringContaining('none that was sent')]);
  });

  test('takes an acknowledged write, or one after it whose fate is unknown', () => {
    for (const found of [1, 2, 3]) {
      history = new History();
      history.acknowledge(begin(own, 0, 1));
      begin(own, 0, 2);
      begin(own, 0, 3);
      expect(faults(own, own.content(found))).toEqual([]);
    }
  });

  test('finds a lost acknowledged write', () => {
    history.acknowledge(begin(own, 0, 1));
    history.acknowledge(begin(own, 0, 2));
    expect(faults(own, own.content(1))).toEqual([expect.stringContaining('lost')]);
  });

  test('finds the first of all to be lost', () => {
    history.acknowledge(begin(own, 0, 1));
    expect(faults(own, own.content(0).fill(0))).toEqual([expect.stringContaining('lost')]);
  });

  test('finds half a write', () => {
    history.acknowledge(begin(own, 0, 1));
    begin(own, 0, 2);
    const half = [...own.content(2).slice(0, 5), ...own.content(1).slice(5)];
    expect(faults(own, half)).toEqual([expect.stringContaining('half')]);
  });

  test('finds a refused write that has had an effect', () => {
    history.acknowledge(begin(own, 0, 1));
    history.refuse(begin(own, 0, 2), 4);
    expect(faults(own, own.content(2))).toEqual([expect.stringContaining('none that was sent')]);
    expect(history.refusals).toEqual([4]);
  });

  test('finds a write that comes back after it was not there', () => {
    begin(own, 0, 1);
    expect(faults(own, own.content(0).fill(0))).toEqual([]);
    expect(faults(own, own.content(1))).toEqual([expect.stringContaining('none that was sent')]);
  });

  test('lets writes of two clients at the same time come in any order', () => {
    for (const found of [1, 2]) {
      history = new History();
      const [one, other] = [begin(common, 0, 1), begin(common, 1, 2)];
      history.acknowledge(one);
      history.acknowledge(other);
      expect(faults(common, common.content(found))).toEqual([]);
    }
  });

  test('holds those of two clients in order that came one after the other', () => {
    history.acknowledge(begin(common, 0, 1));
    history.acknowledge(begin(common, 1, 2));
    expect(faults(common, common.content(1))).toEqual([expect.stringContaining('lost')]);
  });

  test('knows the order of those that one client has sent at once', () => {
    const [one, next] = [begin(own, 0, 1), begin(own, 0, 2)];
    history.acknowledge(one);
    history.acknowledge(next);
    expect(faults(own, own.content(1))).toEqual([expect.stringContaining('lost')]);
  });
});

describe('the slots', () => {
  test('lie side by side, each in a place of its own', () => {
    const taken = slots.flatMap(({ places }) =>
      places.flatMap(({ part, at, length }) => Array.from({ length }, (_, i) => `${part} ${at + i}`)),
    );
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('are written by all functions that write, and by each client', () => {
    const functions = (client: number) =>
      slots.filter(({ clients }) => clients.includes(client)).map(({ request }) => request(1)[0]);
    for (const client of CLIENTS) expect(new Set(functions(client))).toEqual(new Set([5, 6, 15, 16, 21, 22, 23]));
  });

  test('are found in an image', () => {
    const image: Image = {
      coils: Array(SIZE.coils).fill(0),
      holding: Array.from({ length: SIZE.holding }, (_, i) => i),
      file1: Array(SIZE.file1).fill(0),
      file2: Array(SIZE.file2).fill(0),
    };
    const [place] = own.places;
    expect(contentOf(own, image)).toEqual(Array.from({ length: 11 }, (_, i) => (place?.at ?? 0) + i));
  });
});

/** A text as strace writes it with `-xx`. */
function digits(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

const FILE = `7<${digits('/store/1.log')}>`;
const OTHER = `8<${digits('/store/2.log')}>`;
const SOCKET = `9<${digits('socket:[1]')}>`;
const WRITE = `11 write(${FILE}, "${digits('..value..')}", 9) = 9`;
const SYNC = `11 fdatasync(${FILE}) = 0`;
const REPLY = `10 write(${SOCKET}, "${digits('reply')}", 5) = 5`;

function fate(...lines: string[]): string {
  const hex = (text: string) => Buffer.from(text).toString('hex');
  return fateOf(parseCalls(lines.join('\n')), '/store', { value: hex('value'), reply: hex('reply') });
}

describe('the judge of system calls', () => {
  test('takes a write that is synced before the reply', () => {
    expect(fate(WRITE, SYNC, REPLY)).toBe('synced');
    expect(fate(WRITE, `12 fsync(${FILE} <unfinished ...>`, '12 <... fsync resumed>) = 0', REPLY)).toBe('synced');
  });

  test('finds a reply before the sync has ended', () => {
    expect(fate(WRITE, REPLY, SYNC)).toBe('not synced');
    expect(fate(WRITE, `12 fsync(${FILE} <unfinished ...>`, REPLY, '12 <... fsync resumed>) = 0')).toBe('not synced');
  });

  test('finds a sync that had begun before the write had ended', () => {
    const [begin, end] = [`12 fsync(${FILE} <unfinished ...>`, '12 <... fsync resumed>) = 0'];
    expect(fate(begin, WRITE, end, REPLY)).toBe('not synced');
    const cut = [`11 write(${FILE}, "${digits('value')}", 5 <unfinished ...>`, '11 <... write resumed>) = 5'];
    expect(fate(cut[0] ?? '', SYNC.replace('11', '12'), cut[1] ?? '', REPLY)).toBe('not synced');
  });

  test('finds a sync of another file, and one that has failed', () => {
    expect(fate(WRITE, `11 fdatasync(${OTHER}) = 0`, REPLY)).toBe('not synced');
    expect(fate(WRITE, `11 fdatasync(${FILE}) = -1 EIO (Input/output error)`, REPLY)).toBe('not synced');
  });

  test('finds a reply without a write, and none at all', () => {
    expect(fate(REPLY, WRITE, SYNC)).toBe('not written');
    expect(fate(SYNC, REPLY)).toBe('not written');
    expect(fate(WRITE, SYNC)).toBe('not answered');
  });
});
