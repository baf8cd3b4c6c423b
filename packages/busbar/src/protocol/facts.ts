import type { FunctionCode } from './function-codes.js';

/** One group of a request or reply of 14 or 15: records of a file. */
export interface FileGroup {
  /** File and first record; absent in a reply to 14 whose request isn't known. */
  readonly file?: number;
  readonly record?: number;
  /** How many records, of one register each. */
  readonly length: number;
  /** Where the group carries them: 0..65535. */
  readonly values?: readonly number[];
}

/** One object of a device identification. */
export interface IdentityObject {
  readonly id: number;
  /** As in the options of an identity; absent for ids from 7 on. */
  readonly name?: string;
  /** Its bytes, taken as UTF-8. */
  readonly text: string;
}

/**
 * What a PDU says, as far as it can be told. What isn't in it, or in the request that it answers, is absent. Addresses
 * and quantities are those of the wire, however wrong: a monitor doesn't judge what a server may refuse.
 */
export interface PduFacts {
  /** Without the exception bit of replies; 0 for a PDU without a byte. */
  readonly functionCode: number;
  /** `read holding registers`; `function 0x41` for those that the documents don't have. */
  readonly name: string;
  /** Only of exception replies. The name is absent for codes that the documents don't have. */
  readonly exceptionCode?: number;
  readonly exceptionName?: string;
  /** Sub-function of 08, or MEI type of 2B. The name is absent for those that the documents don't have. */
  readonly subFunction?: number;
  readonly subFunctionName?: string;
  /** First coil, input or register, zero-based; of 17 the first to read, of 18 the pointer to the queue. */
  readonly address?: number;
  /** How many, where the function says so; of 17 those to read. */
  readonly quantity?: number;
  /**
   * Registers 0..65535 or bits 0 and 1 that are written, or were read; of 08 the data word. Bits of a reply whose
   * request isn't known are as many as its bytes hold.
   */
  readonly values?: readonly number[];
  /** First register that a request of 17 writes `values` to. */
  readonly writeAddress?: number;
  /** 16. */
  readonly andMask?: number;
  readonly orMask?: number;
  /** 14 and 15. */
  readonly groups?: readonly FileGroup[];
  /** Status byte of 07 (eight outputs), status word of 0B and 0C (0, or 0xFFFF if busy). */
  readonly status?: number;
  /** 0B and 0C. */
  readonly eventCount?: number;
  /** 0C: the event bytes are the newest first. */
  readonly messageCount?: number;
  readonly events?: readonly number[];
  /** 2B/0E: 1 basic, 2 regular, 3 extended, 4 one object. */
  readonly code?: number;
  /** First object that a request asks for. */
  readonly objectId?: number;
  readonly conformityLevel?: number;
  /** Whether there are more objects, and the one that a next request has to ask for. */
  readonly moreFollows?: boolean;
  readonly nextObjectId?: number;
  readonly objects?: readonly IdentityObject[];
  /** Bytes that have no better meaning, copied: of 08/00, of 11, of other types of 2B, of unknown functions. */
  readonly data?: Uint8Array;
  /**
   * The PDU isn't as its function demands: `data` has all bytes behind the function code, of which only an exception
   * code is told.
   */
  readonly malformed?: true;
}

type FieldName = Exclude<keyof PduFacts, 'functionCode' | 'name'>;

/** The fields of one kind of PDU: `Told` are always there, `May` only if they are known, others never. */
export type Fields<Told extends FieldName, May extends FieldName = never> = Required<Pick<PduFacts, Told>> &
  Pick<PduFacts, May> & { readonly [None in Exclude<FieldName, Told | May>]?: never };

/** A decoded PDU of one function. */
export type Facts<Code, PduFields> = { readonly functionCode: Code; readonly name: string } & PduFields;

/** The fields from which a PDU is encoded. Decoded facts will do, as the name is optional. */
export type Encodable<Code, PduFields> = { readonly functionCode: Code; readonly name?: string } & PduFields;

type Byte = CountTo<256>;
type CountTo<N, Counted extends number[] = []> = Counted['length'] extends N
  ? Counted[number]
  : CountTo<N, [...Counted, Counted['length']]>;

/** Bytes that are no public function code. */
export type OtherFunctionCode = Exclude<Byte, FunctionCode>;

/** A PDU that breaks the rules of its function. */
export type MalformedFacts = Facts<number, Fields<'malformed' | 'data', 'exceptionCode' | 'exceptionName'>>;

/** An exception reply. */
export type ExceptionFields = Fields<'exceptionCode', 'exceptionName' | 'subFunction' | 'subFunctionName'>;

/** A PDU of a function that the documents don't have. */
export type OtherFields = Fields<'data'>;
