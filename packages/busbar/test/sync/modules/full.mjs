import { HandlerError, ModbusException } from 'busbar';

const seen = [];

/** What a module can give to the server's thread. */
export default async () => ({
  customFunctions: [
    { code: 65, execute: (_, { unit }) => [unit.holdingRegisters.get(0), unit.coils.get(0) ? 1 : 0] },
    {
      code: 66,
      execute: (_, { unit }) => {
        unit.holdingRegisters.setUint32(0, 0x12345678);
        return [];
      },
    },
    {
      code: 67,
      execute: () => {
        throw new Error('broken on purpose');
      },
    },
    { code: 68, execute: () => seen },
    {
      code: 69,
      execute: () => {
        setTimeout(() => {
          throw new TypeError('out of reach');
        });
        return [];
      },
    },
    { code: 70, execute: () => process.exit(3) },
    { code: 71, execute: (_, { unit }) => [unit.files.create(9, { start: 0, count: 1 }).get(0)] },
  ],
  handler: { connected: ({ transport }) => seen.push(transport.length) },
  units: {
    2: {
      holdingRegisters: {
        ranges: [{ start: 0, count: 10 }],
        read: async ({ address, quantity }) => Array.from({ length: quantity }, (_, i) => address + i),
        write: () => {
          throw new ModbusException(6);
        },
      },
      fifos: { read: () => [1, 2] },
    },
  },
  setUp(server) {
    server.on('error', (error) => seen.push(error instanceof HandlerError ? 1 : 0));
  },
});
