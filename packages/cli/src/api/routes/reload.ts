import { ConfigError, formatProblem } from '../../config/problems.js';
import { describeChanges } from '../../device/changes.js';
import type { Handlers } from '../handlers.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';

export function reloadRoutes({ device, reload }: Services): Handlers<'postReload'> {
  return {
    async postReload() {
      if (device.file === undefined) throw new ApiProblem(409, 'there is no config that could be read again');
      try {
        const changes = await reload();
        return { changed: describeChanges(changes), restart: [...changes.restart] };
      } catch (error) {
        throw reloadProblem(error);
      }
    },
  };
}

/** The device goes on as it was. */
function reloadProblem(error: unknown): ApiProblem {
  if (!(error instanceof ConfigError)) {
    return new ApiProblem(409, error instanceof Error ? error.message : String(error));
  }
  const problems = error.problems.map((problem) => formatProblem(error.file, problem));
  return new ApiProblem(422, `${error.file} cannot be used: ${problems[0]}`, { problems });
}
