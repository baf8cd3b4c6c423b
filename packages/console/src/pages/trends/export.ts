import { csv } from '../../format/csv.js';
import { type Pick, samplesOf } from '../../state/trends.js';

/** All samples as CSV: one row for each, point by point. */
export function csvOf(picks: readonly Pick[]): string {
  return csv([['time', 'unit', 'point', 'value', 'measure'], ...picks.flatMap(rowsOf)]);
}

function rowsOf(pick: Pick): (string | number)[][] {
  const { times = [], values = [] } = samplesOf(pick) ?? {};
  const { unit, name, measure } = pick;
  return times.map((time, i) => [
    new Date(time).toISOString(),
    unit,
    name,
    Number.isNaN(values[i]) ? '' : (values[i] ?? ''),
    measure,
  ]);
}
