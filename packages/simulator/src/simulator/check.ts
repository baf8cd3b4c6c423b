import type { Unit } from 'busbar';
import type { Faults } from '../faults/faults.js';
import { Guard } from '../guard.js';
import { Agenda } from '../reactions/agenda.js';
import type { Script } from '../script/script.js';
import { Leading } from './leading.js';
import { Plant } from './plant.js';
import { checkUnits, type SimulatedUnit } from './simulation.js';

/**
 * Checks how units live, without starting anything. Files of recorded values are read.
 *
 * @param faults those that reactions may switch.
 * @throws OptionsError with all problems; a path begins with the place of the unit in the list.
 */
export function checkSimulation(units: readonly SimulatedUnit[], faults?: Faults): void {
  checkUnits(units);
  const nothing = () => undefined;
  const workshop = {
    seed: 1,
    now: () => ({ time: 0, date: 0 }),
    agenda: new Agenda(),
    guard: new Guard(nothing),
    faults: () => faults,
    tell: nothing,
    leading: new Leading(),
    startedScripts: new WeakMap<Unit, Script>(),
  };
  new Plant(
    units.map((each, i) => ({ ...each, path: [i] })),
    workshop,
  );
}
