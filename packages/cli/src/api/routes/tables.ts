import type { Handlers } from '../handlers.js';
import { written } from '../lasting.js';
import type { Services } from '../services.js';
import { readRange, TABLE_OF, writeRange } from '../tables.js';
import { keyOf, unitOf } from '../units.js';

export function tableRoutes({ device }: Services): Handlers<'getRange' | 'putRange'> {
  return {
    getRange({ params, query }) {
      const unit = unitOf(params.unit, device);
      return { unit: keyOf(unit, device.units), ...readRange(unit, TABLE_OF[params.table], query) };
    },
    async putRange({ params, query, body }) {
      const unit = unitOf(params.unit, device);
      const range = await written(device, [unit], () => writeRange(unit, TABLE_OF[params.table], query, body.values));
      return { unit: keyOf(unit, device.units), ...range };
    },
  };
}
