import type { BitTableName } from '../../protocol/tables.js';
import type { PointPlace } from './place.js';
import type { Point } from './point.js';
import type { PointDeclarations, PointOptions, PointValue } from './point-options.js';

/** The points of a unit by name, each with the type of its value. */
export type Points<P extends PointDeclarations = PointDeclarations> = {
  readonly [Name in keyof P]: Point<PointValueOf<P[Name]>>;
};

/** Has the compiler refuse keys that no point has. */
export type KnownKeys<P extends PointDeclarations> = {
  readonly [Name in keyof P]: {
    readonly [Key in keyof P[Name]]: Key extends keyof PointOptions ? P[Name][Key] : never;
  };
};

/** The type of a point's value, by its declaration. */
export type PointValueOf<O extends PointOptions> = PointOptions extends O
  ? PointValue
  : O extends { readonly type: 'bits' }
    ? readonly (LabelOf<O> | `bit ${number}`)[]
    : O extends { readonly labels: Readonly<Record<number, string>> }
      ? LabelOf<O>
      : O extends { readonly type: keyof ValueOfType }
        ? ScaledValue<O, ValueOfType[O['type']]>
        : O extends { readonly type: NonNullable<PointOptions['type']> }
          ? PointValue
          : ValueAt<O['at']>;

interface ValueOfType {
  bool: boolean;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: bigint;
  uint64: bigint;
  float32: number;
  float64: number;
  string: string;
  bcd: number;
  unixTime: number;
  raw: readonly number[];
}

type ScaledValue<O, Value> = Value extends bigint
  ? O extends { readonly scale: number } | { readonly offset: number }
    ? number
    : Value
  : Value;

type LabelOf<O> = O extends { readonly labels: infer Labels } ? Extract<Labels[keyof Labels], string> : never;

/** Without a type, a single bit is a boolean, and a register a number. */
type ValueAt<At extends PointOptions['at']> = At extends string | number
  ? string extends At
    ? boolean | number
    : number extends At
      ? boolean | number
      : Lowercase<`${At}`> extends BitPlace
        ? boolean
        : number
  : At extends PointPlace
    ? ValueAtPlace<At>
    : never;

type ValueAtPlace<Place extends PointPlace> = Place extends { readonly table: BitTableName } | { readonly bit: number }
  ? boolean
  : PointPlace extends Place
    ? boolean | number
    : number;

/** Coils and discrete inputs, their references, and bits of registers. */
type BitPlace =
  | `${'c' | 'd' | '0' | '1'}${string}`
  | `%${'m' | 'i'}${number}`
  | `${string}.${number}`
  | `%${string}:${string}`;
