import { setImmediate } from 'node:timers/promises';
import type { Handlers } from '../handlers.js';
import { written } from '../lasting.js';
import { pointToJson, writePoint } from '../points.js';
import type { Services } from '../services.js';
import { pointOf, unitOf } from '../units.js';

export function pointRoutes({ device, changes }: Services): Handlers<'getPoints' | 'getPoint' | 'putPoint'> {
  return {
    getPoints({ params, query }) {
      const unit = unitOf(params.unit, device);
      const names = query.names?.split(',').map((name) => name.trim()) ?? Object.keys(unit.points);
      return [...new Set(names)].map((name) => pointToJson(unit, pointOf(unit, name), device, changes));
    },
    getPoint({ params }) {
      const unit = unitOf(params.unit, device);
      return pointToJson(unit, pointOf(unit, params.point), device, changes);
    },
    async putPoint({ params, body }) {
      const unit = unitOf(params.unit, device);
      const point = pointOf(unit, params.point);
      await written(device, [unit], () => writePoint(unit, point, body.value));
      // Changes are told once a turn.
      await setImmediate();
      return pointToJson(unit, point, device, changes);
    },
  };
}
