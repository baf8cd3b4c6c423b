import { z } from 'zod';

// The models of the SunSpec Alliance in JSON (github.com/sunspec/models), as their schema.json has it. Keys that only
// explain are left out.

/** Types of points, with the number of registers that each takes; undefined: the model says it. */
export const POINT_SIZES = {
  int16: 1,
  uint16: 1,
  raw16: 1,
  acc16: 1,
  bitfield16: 1,
  enum16: 1,
  count: 1,
  sunssf: 1,
  int32: 2,
  uint32: 2,
  acc32: 2,
  bitfield32: 2,
  enum32: 2,
  float32: 2,
  ipaddr: 2,
  int64: 4,
  uint64: 4,
  acc64: 4,
  bitfield64: 4,
  float64: 4,
  eui48: 4,
  ipv6addr: 8,
  string: undefined,
  pad: undefined,
} as const;

export type SunspecType = keyof typeof POINT_SIZES;

const TYPES = Object.keys(POINT_SIZES) as SunspecType[];

const symbol = z.looseObject({ name: z.string().min(1), value: z.union([z.int(), z.string()]) });

const point = z.looseObject({
  name: z.string().min(1),
  type: z.enum(TYPES),
  size: z.int().min(1).max(1000),
  value: z.union([z.int(), z.string()]).optional(),
  sf: z.union([z.int().min(-10).max(10), z.string()]).optional(),
  units: z.string().optional(),
  access: z.enum(['R', 'RW']).optional(),
  label: z.string().optional(),
  desc: z.string().optional(),
  symbols: z.array(symbol).optional(),
});

const group = z.looseObject({
  name: z.string().min(1),
  type: z.enum(['group', 'sync']),
  count: z.union([z.int().min(0), z.string()]).optional(),
  label: z.string().optional(),
  points: z.array(point).default([]),
  get groups() {
    return z.array(group).default([]);
  },
});

export const modelSchema = z.looseObject({ id: z.int().min(1).max(65535), group });

export type SunspecPoint = z.infer<typeof point>;
export type SunspecGroup = z.infer<typeof group>;
export type SunspecModel = z.infer<typeof modelSchema>;
