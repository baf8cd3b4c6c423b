import { type ChangeEvent, Unit } from 'busbar';

/** A unit with something of every part. */
export function createUnit(id = 1): Unit {
  return new Unit({
    id,
    coils: [{ start: 0, values: [true, false, true, false] }],
    discreteInputs: [{ start: 0, count: 4 }],
    holdingRegisters: [
      { start: 0, values: [10, 11, 12, 13] },
      { start: 100, count: 10 },
    ],
    inputRegisters: [{ start: 0, count: 4 }],
    files: [{ number: 4, start: 0, values: [1, 2, 3] }],
    fifos: [{ pointer: 500, values: [7] }],
    identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' },
  });
}

/** What an event says, without the unit and the time. */
export function bare({ unit: _, time: __, ...change }: ChangeEvent): object {
  return change;
}
