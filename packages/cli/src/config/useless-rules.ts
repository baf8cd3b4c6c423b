import type { Unit } from 'busbar';
import type { Path } from '../ground/path.js';
import { listenerSchema, type RoleRule } from '../listeners/schema.js';
import { TABLES } from '../listeners/tables.js';
import { initialValueProblems } from './initial-values.js';
import { entries } from './parts.js';
import type { Problem } from './problems.js';
import { absent, emptyRules, isEmpty } from './rules.js';
import { unitSchema } from './schema-unit.js';

/**
 * Rules that can never apply, whichever listener a client comes to, and values that their own limits rule out.
 * @param units in the order of the config; undefined for one that is wrong.
 */
export function uselessRules(config: unknown, units: readonly (Unit | undefined)[]): Problem[] {
  const made = units.filter((unit) => unit !== undefined);
  const ofUnits = entries(config, 'units').flatMap((options, i) => accessProblems(units[i], options, ['units', i]));
  // A unit that is wrong may be the one that a role is about.
  if (made.length < units.length) return ofUnits;
  const ofRoles = entries(config, 'listen').flatMap((listener, i) =>
    rolesOf(listener).flatMap((rule, k) => roleProblems(rule, made, ['listen', i, 'roles', k])),
  );
  return [...ofUnits, ...ofRoles];
}

function accessProblems(unit: Unit | undefined, options: unknown, path: Path): Problem[] {
  const { data } = unitSchema.safeParse(options);
  if (unit === undefined || data === undefined) return [];
  return [...emptyRules(unit, data, path), ...initialValueProblems(unit, data, path)];
}

function rolesOf(listener: unknown): readonly RoleRule[] {
  const { data } = listenerSchema.safeParse(listener);
  return data?.type === 'tls' ? (data.roles ?? []) : [];
}

function roleProblems(rule: RoleRule, units: readonly Unit[], path: Path): Problem[] {
  return [...unknownUnits(rule, units, path), ...absentRanges(rule, units, path), ...otherFunctions(rule, path)];
}

function unknownUnits({ units: ids = [] }: RoleRule, units: readonly Unit[], path: Path): Problem[] {
  return ids.flatMap((id, i) => {
    if (units.some((unit) => unit.id === id)) return [];
    const isDefault = id === 0 || id === 255;
    const advice = isDefault ? `; requests to unit id ${id} go to the default unit of the listener: write its id` : '';
    return [{ path: [...path, 'units', i], message: `allows nothing: no unit has the id ${id}${advice}` }];
  });
}

function absentRanges({ units: ids, ranges = [] }: RoleRule, units: readonly Unit[], path: Path): Problem[] {
  const meant = units.filter(({ id }) => ids?.includes(id) ?? true);
  if (meant.length === 0) return [];
  return ranges.flatMap((range, i) => {
    const existing = meant.flatMap((unit) => unit[range.table].ranges);
    const message = `allows nothing: ${absent(range)}`;
    return isEmpty(range, existing) ? [{ path: [...path, 'ranges', i], message }] : [];
  });
}

/** With ranges, a rule is only about the functions that read or write their tables. */
function otherFunctions({ functions = [], ranges }: RoleRule, path: Path): Problem[] {
  if (ranges === undefined) return [];
  const named = TABLES.filter(({ key }) => ranges.some(({ table }) => table === key));
  return functions.flatMap((code, i) => {
    if (named.some((table) => table.functions.some((each) => each === code))) return [];
    const message = `allows nothing: function ${code} uses none of the tables in \`ranges\``;
    return [{ path: [...path, 'functions', i], message }];
  });
}
