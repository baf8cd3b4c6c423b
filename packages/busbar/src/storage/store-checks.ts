import type { Store } from './store.js';

/** Something that a store has to do. */
export interface StoreCheck {
  /** A sentence about the store. */
  readonly title: string;
  /**
   * Throws an error that says what the store does instead.
   * @param open opens the same store again, which is empty at first and is closed each time before.
   */
  check(open: () => Store | Promise<Store>): Promise<void>;
}

type Entries = readonly (readonly [key: string, value: string])[];

const SYNC = { sync: true };

const encoder = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function put(store: Store, entries: Record<string, string | undefined>, sync = true): Promise<void> {
  const encoded = Object.entries(entries).map(
    ([key, value]) => [key, value === undefined ? value : encoder.encode(value)] as const,
  );
  await store.put(new Map(encoded), { sync });
}

async function read(store: Store, prefix?: string): Promise<Entries> {
  const entries: [string, string][] = [];
  for await (const [key, value] of store.entries(prefix)) entries.push([key, text(value)]);
  return entries;
}

async function expectEntries(store: Store, expected: Entries, prefix?: string): Promise<void> {
  const found = await read(store, prefix);
  const [wanted, got] = [expected, found].map((entries) => JSON.stringify(entries));
  if (wanted !== got) throw new Error(`expected entries(${prefix ?? ''}) to be ${wanted}, found ${got}`);
}

/** Does a task with the store, and closes it. */
async function use(open: () => Store | Promise<Store>, task: (store: Store) => Promise<void>): Promise<void> {
  const store = await open();
  try {
    await task(store);
  } finally {
    await store.close();
  }
}

/** What every `Store` has to do. Run each of them in an empty place of its own. */
export const storeChecks: readonly StoreCheck[] = [
  {
    title: 'a new store has no entries',
    check: (open) => use(open, (store) => expectEntries(store, [])),
  },
  {
    title: 'what was put is there, in the order of the keys, also when the store was closed and opened again',
    async check(open) {
      const expected: Entries = [
        ['1/coils/0', 'c'],
        ['1/coils/10', 'd'],
        ['1/coils/2', 'e'],
        ['busbar', 'a'],
      ];
      await use(open, async (store) => {
        await put(store, { busbar: 'a', '1/coils/2': 'e' });
        await put(store, { '1/coils/10': 'd', '1/coils/0': 'c' }, false);
        await expectEntries(store, expected);
      });
      await use(open, (store) => expectEntries(store, expected));
    },
  },
  {
    title: 'a put replaces entries and deletes them, and deletes what is not there without a fault',
    check: (open) =>
      use(open, async (store) => {
        await put(store, { a: '1', b: '2', c: '3' });
        await put(store, { a: '4', b: undefined, d: undefined });
        await expectEntries(store, [
          ['a', '4'],
          ['c', '3'],
        ]);
      }),
  },
  {
    title: 'entries(prefix) are those whose keys begin with it',
    check: (open) =>
      use(open, async (store) => {
        await put(store, { '1/a': '', '1/b': '', '10/a': '', '1': '', '0/z': '' });
        await expectEntries(
          store,
          [
            ['1/a', ''],
            ['1/b', ''],
          ],
          '1/',
        );
        await expectEntries(store, [], '2/');
      }),
  },
  {
    title: 'values may have any bytes, none, and a million',
    async check(open) {
      const values = [
        new Uint8Array(),
        Uint8Array.from({ length: 256 }, (_, i) => i),
        new Uint8Array(1_000_000).fill(0x5a),
      ];
      await use(open, (store) => store.put(new Map(values.map((value, i) => [`${i}`, value])), SYNC));
      await use(open, async (store) => {
        for await (const [key, value] of store.entries()) {
          if (Buffer.compare(values[Number(key)], value) !== 0) throw new Error(`the value of ${key} is another now`);
        }
      });
    },
  },
  {
    title: 'a put may have ten thousand entries, all of which are read again',
    async check(open) {
      const keys = Array.from({ length: 10_000 }, (_, i) => `key ${`${i}`.padStart(5, '0')}`);
      await use(open, (store) => store.put(new Map(keys.map((key) => [key, encoder.encode(key)])), SYNC));
      await use(open, (store) =>
        expectEntries(
          store,
          keys.map((key) => [key, key]),
        ),
      );
    },
  },
  {
    title: "the bytes that are put, and those that are read, are the caller's to change",
    check: (open) =>
      use(open, async (store) => {
        const value = Uint8Array.of(0x61);
        await store.put(new Map([['a', value]]), SYNC);
        value[0] = 0;
        for await (const [, bytes] of store.entries()) bytes[0] = 0;
        await expectEntries(store, [['a', 'a']]);
      }),
  },
  {
    title: 'reading may stop early, and entries may be put meanwhile',
    check: (open) =>
      use(open, async (store) => {
        await put(store, { a: '1', b: '2' });
        for await (const [key] of store.entries()) {
          await put(store, { [key]: '3' });
          break;
        }
        await expectEntries(store, [
          ['a', '3'],
          ['b', '2'],
        ]);
      }),
  },
];
