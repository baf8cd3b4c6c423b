/**
 * A store of bytes by key, as `Storage` uses it. Keys are ASCII, in the order of their bytes. What goes wrong is thrown
 * as it comes, or, where the store knows what it means, as a `StorageError`.
 */
export interface Store {
  /**
   * All entries whose keys begin with `prefix`, by default all, in the order of the keys. The values are the caller's.
   * It is opened first, unless it is open.
   */
  entries(prefix?: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /**
   * Writes all these entries, or none of them, however the process or the machine ends; `undefined` deletes one. One
   * call is in progress at a time. Resolves when others can read them, and, with `sync`, when they are on disk.
   */
  put(entries: ReadonlyMap<string, Uint8Array | undefined>, options: { readonly sync: boolean }): Promise<void>;
  /** Nothing is asked of it afterwards. A put that takes too long may still be under way. */
  close(): Promise<void>;
}

/** The first key behind those that begin with a prefix. */
export function behind(prefix: string): string {
  return `${prefix}\u{ffff}`;
}
