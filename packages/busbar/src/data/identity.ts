import {
  type BytesInput,
  type Check,
  type Checks,
  checkBytes,
  checkEntries,
  checkInteger,
  checkOptions,
  optional,
  type Path,
  withDefault,
} from '../checks.js';
import { OptionsError } from '../errors.js';
import { MAX_PDU_LENGTH } from '../protocol/limits.js';

/** Object ids of the named objects (AP, clause 6.21, table of objects). */
const OBJECT_IDS = {
  vendorName: 0x00,
  productCode: 0x01,
  majorMinorRevision: 0x02,
  vendorUrl: 0x03,
  productName: 0x04,
  modelName: 0x05,
  userApplicationName: 0x06,
} as const;
const NAMES = Object.keys(OBJECT_IDS) as (keyof typeof OBJECT_IDS)[];
const LAST_REGULAR_ID = 0x7f;
const FIRST_PRIVATE_ID = 0x80;
const LAST_ID = 0xff;

/** Bytes of a device identification reply before its objects, and before each object's value. */
export const IDENTIFICATION_HEADER_LENGTH = 7;
export const OBJECT_HEADER_LENGTH = 2;
const MAX_OBJECT_LENGTH = MAX_PDU_LENGTH - IDENTIFICATION_HEADER_LENGTH - OBJECT_HEADER_LENGTH;

/** Device identification (AP, clause 6.21). Texts are sent as UTF-8; an object has at most 244 bytes. */
export interface IdentityOptions {
  readonly vendorName: BytesInput;
  readonly productCode: BytesInput;
  readonly majorMinorRevision: BytesInput;
  readonly vendorUrl?: BytesInput | undefined;
  readonly productName?: BytesInput | undefined;
  readonly modelName?: BytesInput | undefined;
  readonly userApplicationName?: BytesInput | undefined;
  /** Private objects, ids 128..255. */
  readonly objects?: Readonly<Record<number, BytesInput>> | undefined;
}

const mandatory: Check<Uint8Array> = (value, path) => {
  if (value === undefined) throw new OptionsError(path, 'required in a device identification');
  return checkObjectValue(value, path);
};

function checkObjectValue(value: unknown, path: Path): Uint8Array {
  return checkBytes(value, MAX_OBJECT_LENGTH, path);
}

/** Private objects, by id. */
function checkPrivate(objects: unknown, path: Path): Map<number, Uint8Array> {
  const checked = new Map<number, Uint8Array>();
  checkEntries(objects, path, (value, at) => {
    const id = checkInteger(Number(at.at(-1)), FIRST_PRIVATE_ID, LAST_ID, at);
    checked.set(id, checkObjectValue(value, at));
  });
  return checked;
}

const CHECKS = {
  vendorName: mandatory,
  productCode: mandatory,
  majorMinorRevision: mandatory,
  vendorUrl: optional(checkObjectValue),
  productName: optional(checkObjectValue),
  modelName: optional(checkObjectValue),
  userApplicationName: optional(checkObjectValue),
  objects: withDefault(checkPrivate, new Map()),
} satisfies Checks<IdentityOptions>;

/** Called when an identity changes; not for programs. @internal */
export const watchers: unique symbol = Symbol('watchers');

/** The identification objects of a device; they may change while servers run. */
export class Identity {
  readonly #objects = new Map<number, Uint8Array>();
  /** @internal */
  readonly [watchers] = new Set<() => void>();

  /** @throws OptionsError if a mandatory object is missing, or one is too long. */
  constructor(options: IdentityOptions);
  /** @internal */
  constructor(options: unknown, path: Path);
  constructor(options: unknown, path: Path = []) {
    const checked = checkOptions(options, CHECKS, path);
    for (const name of NAMES) {
      const value = checked[name];
      if (value !== undefined) this.#objects.set(OBJECT_IDS[name], value);
    }
    for (const [id, value] of checked.objects) this.#objects.set(id, value);
  }

  /** Ids of the objects that exist, in order. */
  get ids(): number[] {
    return [...this.#objects.keys()].sort((a, b) => a - b);
  }

  /** The object's bytes; undefined if it does not exist. */
  get(id: number): Uint8Array | undefined {
    return this.#objects.get(id);
  }

  /** Sets object 0..6 or 128..255. @throws OptionsError if the id is reserved or the value has more than 244 bytes. */
  set(id: number, value: BytesInput): void {
    const path = [`object ${id}`];
    checkInteger(id, 0, LAST_ID, path);
    if (id > OBJECT_IDS.userApplicationName && id <= LAST_REGULAR_ID) {
      throw new OptionsError(path, 'ids 7..127 are reserved');
    }
    this.#objects.set(id, checkObjectValue(value, path));
    this.#changed();
  }

  /** Removes an object; the mandatory ones (0..2) stay. @returns whether it was there. */
  delete(id: number): boolean {
    if (id <= OBJECT_IDS.majorMinorRevision)
      throw new OptionsError([`object ${id}`], 'mandatory objects cannot be removed');
    const existed = this.#objects.delete(id);
    if (existed) this.#changed();
    return existed;
  }

  #changed(): void {
    for (const watcher of this[watchers]) watcher();
  }

  /** Options that would create an equal identity. @internal */
  get options(): IdentityOptions {
    const mandatory = (id: number) => this.get(id) ?? '';
    return {
      vendorName: mandatory(OBJECT_IDS.vendorName),
      productCode: mandatory(OBJECT_IDS.productCode),
      majorMinorRevision: mandatory(OBJECT_IDS.majorMinorRevision),
      vendorUrl: this.get(OBJECT_IDS.vendorUrl),
      productName: this.get(OBJECT_IDS.productName),
      modelName: this.get(OBJECT_IDS.modelName),
      userApplicationName: this.get(OBJECT_IDS.userApplicationName),
      objects: Object.fromEntries([...this.#objects].filter(([id]) => id >= FIRST_PRIVATE_ID)),
    };
  }

  /** 1 basic, 2 regular, 3 extended: the highest category that has objects. */
  get level(): number {
    const highest = this.ids.at(-1) ?? 0;
    if (highest >= FIRST_PRIVATE_ID) return 3;
    return highest > OBJECT_IDS.majorMinorRevision ? 2 : 1;
  }

  /** Ids of the objects of a category and those below it. */
  idsOfLevel(level: number): number[] {
    const last = level === 1 ? OBJECT_IDS.majorMinorRevision : level === 2 ? LAST_REGULAR_ID : LAST_ID;
    return this.ids.filter((id) => id <= last);
  }
}
