import { z } from 'zod';
import { wording } from '../../ground/schema.js';

// The setup file of pymodbus' simulator, as its documentation has it ("Configuration" of "Simulator"). A register is
// meant by its index in the one memory of the device.

/** Four tables of 65536 registers each. */
const MOST_CELLS = 262_144;

const index = z
  .int()
  .min(0)
  .max(MOST_CELLS - 1);

const range = z
  .union([index, z.tuple([index, index])])
  .register(wording, { expected: 'the index of a register, or [first, last]' });

/** A register, a range, or a map with `addr` and more. */
function entries<T extends z.ZodType>(value: T) {
  const detailed = z.strictObject({
    addr: range,
    value: value.optional(),
    action: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  });
  const entry = z
    .union([index, z.tuple([index, index]), detailed])
    .register(wording, { expected: 'the index of a register, [first, last], or a map with addr' });
  return z.array(entry).optional();
}

const uint16 = z.int().min(0).max(0xffff);
const uint32 = z.int().min(0).max(0xffff_ffff);
const float32 = z.number().register(wording, { expected: 'a number' });

const action = z.string().nullable();
const size = z.int().min(0).max(65536);

const setup = z.strictObject({
  'co size': size,
  'di size': size,
  'hr size': size,
  'ir size': size,
  'shared blocks': z.boolean(),
  'type exception': z.boolean(),
  defaults: z.strictObject({
    value: z.strictObject({ bits: uint16, uint16, uint32, float32, string: z.string() }),
    action: z.strictObject({ bits: action, uint16: action, uint32: action, float32: action, string: action }),
  }),
});

const pair = z.tuple([index, index]).register(wording, { expected: '[first, last]' });

export const deviceSchema = z.strictObject({
  setup,
  invalid: z.array(range).optional(),
  write: z.array(range).optional(),
  bits: entries(uint16),
  uint16: entries(uint16),
  uint32: entries(uint32),
  float32: entries(float32),
  string: entries(z.string()),
  repeat: z.array(z.strictObject({ addr: pair, to: pair })).optional(),
});

const port = z.union([z.int().min(0).max(65535), z.string().min(1)]);
const identityText = z.string().optional();

export const serverSchema = z.looseObject({
  comm: z.enum(['tcp', 'udp', 'tls', 'serial']),
  host: z.string().optional(),
  port,
  framer: z.enum(['socket', 'rtu', 'ascii', 'tls']),
  device_id: z.int().min(0).max(255).optional(),
  ignore_missing_devices: z.boolean().optional(),
  certfile: z.string().optional(),
  keyfile: z.string().optional(),
  baudrate: z.int().min(1).optional(),
  bytesize: z.literal([7, 8]).optional(),
  parity: z.enum(['N', 'E', 'O']).optional(),
  stopbits: z.literal([1, 2]).optional(),
  identity: z
    .looseObject({
      VendorName: identityText,
      ProductCode: identityText,
      MajorMinorRevision: identityText,
      VendorUrl: identityText,
      ProductName: identityText,
      ModelName: identityText,
      UserApplicationName: identityText,
    })
    .optional(),
});

export type PymodbusDevice = z.infer<typeof deviceSchema>;
export type PymodbusServer = z.infer<typeof serverSchema>;
