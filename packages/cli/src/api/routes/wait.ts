import type { Handlers } from '../handlers.js';
import type { Services } from '../services.js';
import { waitFor } from '../wait/waiting.js';

export function waitRoutes({ device, room }: Services): Handlers<'postWait'> {
  return {
    async postWait({ body, signal }) {
      const leave = room.enter();
      try {
        return await waitFor(device, body, signal);
      } finally {
        leave();
      }
    },
  };
}
