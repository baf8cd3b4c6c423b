import { TABLE_NAMES, type Unit } from 'busbar';
import type { Path } from '../ground/path.js';
import type { Listener, RoleRule } from '../listeners/schema.js';
import type { BoundServer } from '../listeners/server.js';
import { faultWarnings } from './faults.js';
import { entries, numberAt } from './parts.js';
import type { Problem } from './problems.js';
import { referredAddress } from './references.js';
import { partlyEmptyRules, uselessRange } from './rules.js';
import type { Config, ConfigUnit } from './schema.js';

/** Doubtful places of a sound config. They may be meant, so it is served all the same. */
export function configWarnings(config: Config, units: readonly Unit[], servers: readonly BoundServer[]): Problem[] {
  return [
    ...servers.flatMap(({ listener, units: served }, i) => listenerWarnings(listener, served, ['listen', i])),
    ...faultWarnings(config.faults ?? [], { listeners: servers.map(({ listener }) => listener), units }),
    ...units.flatMap((unit, i) => unitWarnings(unit, config.units[i] ?? { id: unit.id }, ['units', i])),
  ];
}

function unitWarnings(unit: Unit, options: ConfigUnit, path: Path): Problem[] {
  return [...referenceWarnings(options, path), ...partlyEmptyRules(unit, options, path)];
}

/** Blocks that begin at a reference of manuals, unless the unit says in so many words that it has addresses. */
function referenceWarnings(unit: ConfigUnit, path: Path): Problem[] {
  const { firstAddress: first } = unit;
  if (first === 0) return [];
  return TABLE_NAMES.flatMap((table) =>
    entries(unit, table).flatMap((block, i) => {
      const start = numberAt(block, 'start');
      const address = referredAddress(table, start);
      if (start === undefined || address === undefined) return [];
      const message =
        `${start} looks like a reference of manuals, that of address ${address}: write ${address + (first ?? 0)}; ` +
        `if address ${start - (first ?? 0)} is meant, write ${start - (first ?? 0)}, and firstAddress: 0 in the unit`;
      return [{ path: [...path, table, i, 'start'], message }];
    }),
  );
}

function listenerWarnings(listener: Listener, served: readonly Unit[], path: Path): Problem[] {
  const { roles = [] } = listener.type === 'tls' ? listener : {};
  return roles.flatMap((rule, i) => [
    ...unitIdWarnings(rule, served, [...path, 'roles', i, 'units']),
    ...rangeWarnings(rule, served, [...path, 'roles', i, 'ranges']),
  ]);
}

function unitIdWarnings({ units = [] }: RoleRule, served: readonly Unit[], path: Path): Problem[] {
  const ids = served.map(({ id }) => id);
  return units.flatMap((id, i) => {
    if (ids.includes(id)) return [];
    const isDefault = id === 0 || id === 255;
    const advice = isDefault ? `; requests to unit id ${id} go to the default unit: write ${ids[0]}` : '';
    return [{ path: [...path, i], message: `this listener serves no unit ${id}, but ${ids.join(', ')}${advice}` }];
  });
}

/** A rule allows what is in its ranges on any of the units that it is about. */
function rangeWarnings({ units, ranges = [] }: RoleRule, served: readonly Unit[], path: Path): Problem[] {
  const reached = served.filter(({ id }) => units?.includes(id) ?? true);
  if (reached.length === 0) return [];
  return ranges.flatMap((range, i) =>
    uselessRange(
      range,
      reached.flatMap((unit) => unit[range.table].ranges),
      [...path, i],
    ),
  );
}
