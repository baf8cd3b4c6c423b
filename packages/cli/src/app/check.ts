import { type Setup, unservedUnits } from '../config/setup.js';
import { amount } from '../ground/amount.js';
import { print } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { unitName } from '../listeners/unit-name.js';
import { warningLines } from './warnings.js';

/** Prints the answer of `--check` for a sound config. @returns the exit code. */
export async function printCheck(setup: Setup): Promise<number> {
  const warnings = warningLines(setup).map((line) => `${line}\n`);
  process.stderr.write(warnings.join(''));
  return await print(
    checked(setup)
      .map((line) => `${shown(line)}\n`)
      .join(''),
  );
}

/** Includes the units of each listener, unless every listener serves all. */
function checked(setup: Setup): string[] {
  const { config, units, servers, warnings } = setup;
  const parts = servers.some((bound) => bound.units.length < units.length);
  const served = parts ? servers.map((bound) => `  ${bound.name}: ${bound.units.map(unitName).join(', ')}`) : [];
  const unserved = unservedUnits(setup).map((unit) => `  no listener serves ${unitName(unit)}`);
  const doubts = warnings.length === 0 ? '' : `, ${amount(warnings.length, 'warning')}`;
  const points = units.reduce((sum, unit) => sum + Object.keys(unit.points).length, 0);
  const device = [amount(units.length, 'unit'), ...(points === 0 ? [] : [amount(points, 'point')])].join(', ');
  const counts = `${config}: ok, ${device}, ${amount(servers.length, 'listener')}${doubts}`;
  return [counts, ...served, ...unserved];
}
