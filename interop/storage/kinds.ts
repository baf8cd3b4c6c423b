import { isBuiltin } from 'node:module';

/** The kinds of stores that this Node.js can have: SQLite came with 22.13. */
export const KINDS: readonly ('level' | 'sqlite')[] = isBuiltin('node:sqlite') ? ['level', 'sqlite'] : ['level'];
