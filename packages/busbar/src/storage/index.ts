export type { DroppedEvent, Restored, StorageEvents, StorageState } from './events.js';
export { type LevelEncodings, type LevelLike, type LevelOperation, levelStore } from './level-store.js';
export { STORAGE_MODES, type StorageMode, type StorageOptions } from './options.js';
export { type SqliteLike, type SqliteStatement, sqliteStore } from './sqlite-store.js';
export { Storage } from './storage.js';
export type { Store } from './store.js';
