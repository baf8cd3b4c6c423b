import type { Handlers } from '../handlers.js';
import { openApi } from '../openapi.js';

export function openApiRoutes(): Handlers<'getOpenApi'> {
  let document: Record<string, unknown> | undefined;
  return {
    getOpenApi() {
      document ??= openApi();
      return document;
    },
  };
}
