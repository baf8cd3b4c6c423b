/** The device that all foreign clients meet, in the words of the config file. */
export const device = {
  listen: [{ type: 'tcp', host: '127.0.0.1', port: 0 }],
  units: [
    {
      id: 1,
      name: 'plant',
      coils: [
        { start: 0, values: [true, false, true, true, false, false, true, true, true, false] },
        { start: 100, count: 2100 },
      ],
      discreteInputs: [
        { start: 0, values: [false, true, true, false, true, false, false, false, true, true] },
        { start: 100, count: 2100, value: true },
      ],
      holdingRegisters: [
        { start: 0, values: [20, 21, 22, 23, 24] },
        { start: 100, count: 300, value: 7 },
        { start: 65530, values: [1, 2, 3, 4, 5, 6] },
      ],
      inputRegisters: [
        { start: 0, values: [1, 2, 65535] },
        { start: 100, count: 200, value: 9 },
      ],
      identity: {
        vendorName: 'Acme',
        productCode: 'B-1',
        majorMinorRevision: '1.0',
        vendorUrl: 'http://example.com',
        productName: 'Boiler',
        modelName: 'Model T',
        userApplicationName: 'Interop',
        objects: { 128: 'private', 129: { hex: '00ff' } },
      },
      files: [
        { number: 4, start: 0, values: [0, 3, 6, 9, 12, 15] },
        { number: 5, start: 9990, count: 10 },
      ],
      fifos: [
        { pointer: 500, values: [10, 20, 30, 40, 50, 60] },
        { pointer: 501, values: [] },
      ],
      serverId: { id: 17, running: true, additional: 'Acme B-1' },
      exceptionStatus: { coils: 2 },
    },
    { id: 9, name: 'meter', holdingRegisters: [{ start: 0, values: [900] }], serverId: { id: 18, running: false } },
  ],
};
