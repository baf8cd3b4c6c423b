import { readSubFunction } from '../protocol/sub-functions.js';
import type { FunctionSet } from './function-set.js';
import type { Identified, Permission } from './roles.js';

/**
 * Puts together who may do what with one unit. Asked once per request, before anything is carried out; read-only ranges
 * and limits of values are asked later, with the range that the request writes (`Access.refusal`).
 * @param functions the allowed functions of the server and of the unit; each must allow a request.
 * @param authorize what the client's role allows; asked last, because it may be the program's own function.
 * @returns undefined if every client may do everything.
 */
export function createPermission<Unit extends Identified>(
  functions: readonly (FunctionSet | undefined)[],
  authorize: Permission<Unit> | undefined,
): Permission<Unit> | undefined {
  const sets = functions.filter((each) => each !== undefined);
  if (sets.length === 0) return authorize;
  return (asking, custom) => {
    const { request, start, end } = asking;
    const subFunction = readSubFunction(request, start, end);
    if (!sets.every((set) => set.has(request[start], subFunction))) return false;
    return authorize === undefined || authorize(asking, custom);
  };
}
