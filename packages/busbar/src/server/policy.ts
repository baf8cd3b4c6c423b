import type * as access from '../access/roles.js';
import type { Unit } from '../data/unit.js';

/** A client's request, before it is carried out. */
export type AuthorizationRequest = access.AuthorizationRequest<Unit>;

/** A request that got exception 01 because the client's role does not allow it. */
export type DeniedEvent = access.DeniedEvent<Unit>;

/** Who may do what: rules, a function, or both; with both, each must allow a request. */
export type AccessPolicy = access.AccessPolicy<Unit>;
