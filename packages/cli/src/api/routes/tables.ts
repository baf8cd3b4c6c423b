import type { Handlers } from '../handlers.js';
import type { Services } from '../services.js';
import { readRange, TABLE_OF, writeRange } from '../tables.js';
import { keyOf, unitOf } from '../units.js';

export function tableRoutes({ device }: Services): Handlers<'getRange' | 'putRange'> {
  return {
    getRange({ params, query }) {
      const unit = unitOf(params.unit, device);
      return { unit: keyOf(unit, device.units), ...readRange(unit, TABLE_OF[params.table], query) };
    },
    putRange({ params, query, body }) {
      const unit = unitOf(params.unit, device);
      return { unit: keyOf(unit, device.units), ...writeRange(unit, TABLE_OF[params.table], query, body.values) };
    },
  };
}
