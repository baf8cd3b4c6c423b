import type { Handlers } from '../handlers.js';
import type { Services } from '../services.js';
import { waitFor } from '../wait/waiting.js';

export function waitRoutes({ device }: Services): Handlers<'postWait'> {
  return { postWait: ({ body, signal }) => waitFor(device, body, signal) };
}
