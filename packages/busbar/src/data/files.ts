import { checkInteger, checkMembers, checkOptions, integer, type Path } from '../checks.js';
import { StateError } from '../errors.js';
import { after, isPromiseLike, toPromise } from '../promise.js';
import type { Numbering, Range } from '../protocol/address-range.js';
import { MAX_FILE_NUMBER, MAX_RECORD_NUMBER } from '../protocol/limits.js';
import { type Block, blockChecks, checkRanges, type FilledRange, fillBlock } from './blocks.js';
import { type Changes, UNHEARD } from './changes.js';
import { checkAnswer, type Handlers, METHODS } from './handlers.js';
import { RegisterTable } from './registers.js';
import { type Context, contextOf, type ServedRequest } from './request.js';
import type { Spot } from './spot.js';

/**
 * Records of file `number` (1..65535); `start` is the first record, 0..9999. Several blocks may form one sparse file.
 */
export type FileBlock = Block<number> & { readonly number: number };

/** One group of a file record request (AP, clauses 6.14 and 6.15). */
export interface RecordRange {
  readonly file: number;
  readonly record: number;
  /** Number of records; each is one register. */
  readonly length: number;
}

/** One group of records that a client writes. */
export interface RecordWrite extends RecordRange {
  readonly values: readonly number[];
}

/** A table of registers in memory that threads share. */
export interface SharedRegisters {
  readonly ranges: readonly Range[];
  readonly bytes: Uint8Array;
}

/** Files as the file functions use them. */
export interface FileSource {
  readonly inMemory: boolean;
  readonly writable: boolean;
  has(range: RecordRange): boolean;
  read(
    groups: readonly RecordRange[],
    request: Context,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
  write(groups: readonly RecordWrite[], request: ServedRequest): void | Promise<void>;
}

const RECORDS: Numbering = { first: 0, end: MAX_RECORD_NUMBER + 1 };
const checkRegister = integer(0, 0xffff);
const checkNumber = (number: unknown, path: Path) => checkInteger(number, 1, MAX_FILE_NUMBER, path);

function checkFileBlock(option: unknown, path: Path) {
  const checks = { number: checkNumber, ...blockChecks(RECORDS, checkRegister, path) };
  const { number, ...block } = checkOptions(option, checks, path);
  return { number, ...fillBlock(block, 0) };
}

/** The files of a unit in memory. Each is a table of registers whose addresses are the record numbers. */
export class Files {
  readonly inMemory = true;
  readonly writable = true;
  readonly #files = new Map<number, RegisterTable>();
  #changes = UNHEARD;

  /** As for tables. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
    for (const file of this.#files.values()) file.belongTo(changes);
  }

  /** Numbers of the files that exist. */
  get numbers(): number[] {
    return [...this.#files.keys()].sort((a, b) => a - b);
  }

  /** The records of a file, by record number; undefined if the file does not exist. */
  get(number: number): RegisterTable | undefined {
    return this.#files.get(number);
  }

  /**
   * Creates a file, or replaces it.
   * @throws OptionsError if the number or a block is wrong, StateError `UNIT_SHARED` while a synchronous server serves
   * the unit.
   */
  create(number: number, ...blocks: Block<number>[]): RegisterTable {
    this.#refuseShared();
    const checked = checkNumber(number, ['number']);
    const check = (block: unknown, path: Path) =>
      fillBlock(checkOptions(block, blockChecks(RECORDS, checkRegister, path), path), 0);
    const file = this.#create(checked, checkRanges(blocks, ['blocks'], check));
    this.#tell('create', number);
    return file;
  }

  /** @returns whether the file existed. @throws StateError as `create()`. */
  delete(number: number): boolean {
    this.#refuseShared();
    this.#files.get(number)?.belongTo(UNHEARD);
    const existed = this.#files.delete(number);
    if (existed) this.#tell('delete', number);
    return existed;
  }

  #tell(action: 'create' | 'delete', file: number): void {
    this.#changes.tell({ part: 'files', file, action });
  }

  /** Other threads know only the files that existed when they started. */
  #refuseShared(): void {
    if (this.#changes.guard === undefined) return;
    throw new StateError(
      'UNIT_SHARED',
      'files cannot be created or deleted while a synchronous server serves the unit',
    );
  }

  #create(number: number, blocks: readonly FilledRange<number>[]): RegisterTable {
    const file = new RegisterTable(fileSpot(number), blocks);
    file.belongTo(this.#changes);
    this.#files.get(number)?.belongTo(UNHEARD);
    this.#files.set(number, file);
    return file;
  }

  /** @internal */
  static of(option: unknown, path: Path): Files {
    const byNumber = new Map<number, FilledRange<number>[]>();
    for (const { number, ...block } of checkRanges(option, path, checkFileBlock, ({ number }) => number)) {
      byNumber.set(number, [...(byNumber.get(number) ?? []), block]);
    }
    const files = new Files();
    for (const [number, blocks] of byNumber) files.#create(number, blocks);
    return files;
  }

  /** As for tables. @internal */
  share(storage?: ReadonlyMap<number, SharedRegisters>): Map<number, SharedRegisters> {
    const files = [...this.#files].map(([number, file]): [number, SharedRegisters] => [
      number,
      { ranges: file.ranges, bytes: file.share(storage?.get(number)?.bytes) },
    ]);
    return new Map(files);
  }

  /** @internal */
  has({ file, record, length }: RecordRange): boolean {
    return this.#files.get(file)?.has(record, length) ?? false;
  }

  /** @internal */
  read(groups: readonly RecordRange[]): ArrayLike<number>[] {
    return groups.map(({ file, record, length }) => this.#files.get(file)?.getRange(record, length) ?? []);
  }

  /** @internal */
  write(groups: readonly RecordWrite[], request: ServedRequest): void {
    this.#changes.by(request, () => {
      for (const { file, record, values } of groups) this.#files.get(file)?.set(record, values);
    });
  }
}

function fileSpot(file: number): Spot<number> {
  return {
    name: `file ${file}`,
    place: (record, quantity) => ({ part: 'files', file, record, quantity }),
    change: (record, values, previous) => ({ part: 'files', action: 'write', file, record, values, previous }),
  };
}

class HandledFiles implements FileSource {
  readonly inMemory = false;
  readonly writable: boolean;
  readonly #handlers: Handlers;

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
    this.writable = handlers.write !== undefined;
  }

  /** Only the handler knows which files exist. */
  has(): boolean {
    return true;
  }

  read(
    groups: readonly RecordRange[],
    request: Context,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]> {
    const answer = this.#handlers.read(groups.map(rangeOf), contextOf(request));
    return after(answer, (records) => checkRecords(records, groups, request));
  }

  write(groups: readonly RecordWrite[], request: Context): void | Promise<void> {
    const writes = groups.map((group) => ({ ...rangeOf(group), values: group.values }));
    const done = this.#handlers.write?.(writes, contextOf(request));
    if (isPromiseLike(done)) return toPromise(done).then(() => undefined);
  }
}

/** The group without the function's own fields. */
function rangeOf({ file, record, length }: RecordRange): RecordRange {
  return { file, record, length };
}

function checkRecords(answer: unknown, groups: readonly RecordRange[], request: Context): ArrayLike<number>[] {
  const lists = Array.isArray(answer) && answer.length === groups.length ? answer : [];
  return groups.map(({ length }, i) => checkAnswer(lists[i], length, length, 'files', request));
}

/** @param handlers of a user, unchecked. */
export function fileHandlers(handlers: unknown, path: Path): FileSource {
  return new HandledFiles(checkMembers(handlers, METHODS, path));
}
