import { type Fault, faultSchema } from 'busbar-simulator';
import { faultWarnings, listenerProblem } from '../../config/faults.js';
import { didYouMean } from '../../ground/suggest.js';
import { checked, listed, problemTexts } from '../checked.js';
import { faultToJson } from '../faults.js';
import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';

type Routes = Handlers<'getFaults' | 'postFault' | 'patchFault' | 'deleteFault'>;

/** Each request is compared with all that are on. */
const MOST_FAULTS = 1000;

export function faultRoutes({ device }: Services): Routes {
  return {
    getFaults: () => device.faults.list.map(faultToJson),
    postFault({ body }) {
      const { faults } = device;
      if (faults.get(body.name) !== undefined) throw new ApiProblem(409, `there is a fault "${body.name}" already`);
      if (faults.list.length >= MOST_FAULTS) throw new ApiProblem(409, `there are ${MOST_FAULTS} faults already`);
      const fault = checked(faultSchema, body);
      const listeners = device.boundServers.map(({ listener }) => listener);
      const problems = listenerProblem(fault.listener, listeners, ['listener']);
      if (problems.length > 0) throw listed(422, problems);
      // As of a config, what is doubtful is told, and may be meant.
      const doubts = faultWarnings([fault], { listeners, units: device.units });
      const warnings = problemTexts(doubts.map(({ path, message }) => ({ path: path.slice(2), message })));
      const added = faultToJson(faults.add(fault));
      return warnings.length === 0 ? added : { ...added, warnings };
    },
    patchFault({ params, body }) {
      const fault = faultOf(params.name, device);
      device.faults.switch(fault.name, body.active);
      return faultToJson(fault);
    },
    deleteFault({ params }) {
      device.faults.remove(faultOf(params.name, device).name);
      return undefined;
    },
  };
}

function faultOf(name: string, { faults }: Services['device']): Fault {
  const fault = faults.get(name);
  if (fault !== undefined) return fault;
  const allowed = faults.list.map((each) => each.name);
  throw new ApiProblem(404, `there is no fault "${name}"${didYouMean(name, allowed, '"')}`, { allowed });
}
