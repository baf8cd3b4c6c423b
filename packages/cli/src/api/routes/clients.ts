import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';

export function clientRoutes({ clients }: Services): Handlers<'getClients' | 'deleteClient'> {
  return {
    getClients: () => clients.list,
    deleteClient({ params }) {
      if (clients.disconnect(params.id)) return undefined;
      throw new ApiProblem(404, `no client is ${params.id}`, { allowed: clients.list.map(({ id }) => id) });
    },
  };
}
