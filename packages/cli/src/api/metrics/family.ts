import type { Device } from '../../device/device.js';

/** A value, and what it is of. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All values of one name. */
export interface Family {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Those that there are now. */
  samples(device: Device): readonly Sample[];
}
