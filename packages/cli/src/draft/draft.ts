/** A config in the making: only keys that the config file has. */
export interface Draft {
  listen?: object[];
  units: DraftUnit[];
  unknownUnit?: string;
}

export interface DraftUnit {
  id: number;
  name?: string;
  /** The four tables are one memory. */
  shared?: boolean;
  coils?: DraftBlock[];
  discreteInputs?: DraftBlock[];
  points?: Record<string, DraftPoint>;
  identity?: Record<string, string>;
  access?: { readOnly: DraftRange[] };
}

export interface DraftBlock {
  start: number;
  count?: number;
  values?: number[];
}

interface DraftRange {
  table: string;
  start: number;
  count: number;
}

export interface DraftPoint {
  at: string;
  type?: string;
  order?: string;
  scale?: number;
  offset?: number;
  length?: number;
  padding?: string;
  unit?: string;
  labels?: ReadonlyMap<number, string>;
  min?: number | bigint;
  max?: number | bigint;
  value?: DraftValue;
  readOnly?: boolean;
  whole?: boolean;
  description?: string;
  simulate?: object;
}

export type DraftValue = boolean | number | bigint | string | readonly (string | number)[];

/** What an import has made of a file. */
export interface Imported {
  draft: Draft;
  /** Comments over points, by the name of the point. */
  headings: ReadonlyMap<string, string>;
  /** What of the file the config does not have, or has otherwise: a sentence each. */
  notes: readonly string[];
}
