import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';

type Routes = Handlers<'getSnapshot' | 'postSnapshot' | 'putSnapshot'>;

export function snapshotRoutes({ snapshots }: Services): Routes {
  return {
    getSnapshot: ({ query }) => (query.name === undefined ? snapshots.take() : snapshots.kept(query.name)),
    postSnapshot({ body }) {
      snapshots.keep(body.name);
      return body;
    },
    putSnapshot({ body: { name, units } }) {
      if ((name === undefined) === (units === undefined)) {
        throw new ApiProblem(400, 'expected either the name of a snapshot that is kept, or units with their values');
      }
      snapshots.set(name === undefined ? { units: units ?? [] } : snapshots.kept(name));
      return undefined;
    },
  };
}
