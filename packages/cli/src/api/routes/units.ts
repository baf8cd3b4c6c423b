import type { Handlers } from '../handlers.js';
import type { Services } from '../services.js';
import { unitOf, unitToJson } from '../units.js';

export function unitRoutes({ device }: Services): Handlers<'getUnits' | 'getUnit'> {
  return {
    getUnits: () => device.units.map((unit) => unitToJson(unit, device)),
    getUnit: ({ params }) => unitToJson(unitOf(params.unit, device), device),
  };
}
