import type { Snapshot } from '../contract.js';
import type { Handlers } from '../handlers.js';
import { written } from '../lasting.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { streamOf } from '../turns.js';

type Routes = Handlers<'getSnapshot' | 'postSnapshot' | 'putSnapshot'>;

export function snapshotRoutes({ device, snapshots }: Services): Routes {
  return {
    getSnapshot: ({ query }) => answer(query.name === undefined ? snapshots.take() : snapshots.kept(query.name)),
    postSnapshot({ body }) {
      snapshots.keep(body.name);
      return body;
    },
    async putSnapshot({ body: { name, units } }) {
      if ((name === undefined) === (units === undefined)) {
        throw new ApiProblem(400, 'expected either the name of a snapshot that is kept, or units with their values');
      }
      const snapshot = name === undefined ? { units: units ?? [] } : snapshots.kept(name);
      await written(device, snapshots.unitsOf(snapshot), () => snapshots.set(snapshot));
      return undefined;
    },
  };
}

function answer(snapshot: Snapshot): Response {
  return new Response(streamOf(json(snapshot)), { headers: { 'Content-Type': 'application/json' } });
}

/** Unit by unit: all at once could take a tenth of a second, in which nobody is served. */
function* json({ time, units }: Snapshot): Generator<Uint8Array> {
  yield Buffer.from(JSON.stringify({ time, units: [] }).slice(0, -2));
  for (const [i, unit] of units.entries()) yield Buffer.from(`${i === 0 ? '' : ','}${JSON.stringify(unit)}`);
  yield Buffer.from(']}\n');
}
