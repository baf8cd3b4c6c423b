import type { Handlers } from '../handlers.js';
import type { Services } from '../services.js';
import { select } from '../traffic/select.js';

/** More than are ever kept. */
const ALL = Number.POSITIVE_INFINITY;

export function trafficRoutes({ traffic, captureRoom }: Services): Handlers<'getTraffic' | 'getCapture'> {
  return {
    getTraffic: ({ query }) => select(traffic, query).map(({ exchange }) => exchange),
    async getCapture({ query }) {
      // The library's monitor is loaded only when somebody asks for this.
      const { capture } = await import('../traffic/capture.js');
      const headers = {
        'Content-Type': 'application/x-pcapng',
        'Content-Disposition': 'attachment; filename="busbar.pcapng"',
      };
      const { limit = ALL } = query;
      const leave = captureRoom.enter();
      return new Response(capture(select(traffic, { ...query, limit }), leave), { headers });
    },
  };
}
