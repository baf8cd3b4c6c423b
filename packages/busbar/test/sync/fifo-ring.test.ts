import { Unit } from 'busbar';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const step = fc.oneof(
  fc.record({ push: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }) }),
  fc.record({ drain: fc.option(fc.integer({ min: -1, max: 60 }), { nil: undefined }) }),
);

test('a queue holds what an array would hold, whatever is pushed and drained', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const queue = new Unit({ id: 1 }).fifos.create(1);
      const model: number[] = [];
      for (const each of steps) {
        if ('push' in each) {
          queue.push(...each.push);
          model.push(...each.push);
        } else expect(queue.drain(each.drain)).toEqual(model.splice(0, each.drain ?? model.length));
        expect(queue.values).toEqual(model);
        expect(queue.length).toBe(model.length);
      }
    }),
  );
});
