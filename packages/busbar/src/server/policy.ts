import type { RoleDenial, RolePolicy, RoleRequest } from '../access/roles.js';
import type { Unit } from '../data/unit.js';

/** A client's request, before it is carried out. */
export type AuthorizationRequest = RoleRequest<Unit>;

/** A request that got exception 01 because the client's role does not allow it. */
export type DeniedEvent = RoleDenial<Unit>;

/** Who may do what: rules, a function, or both; with both, each must allow a request. */
export type AccessPolicy = RolePolicy<Unit>;
