import { flag, map, text } from '../settings.js';
import { type Behaviour, kind, type Series } from './behaviour.js';

const settings = map('Replay', 'Values of a CSV file with the columns time and value.', {
  file: text('File', 'The CSV file, relative to the config file.'),
  column: text('Column', 'The column of the values; the one behind the time by default.').optional(),
  loop: flag('Loop', 'true: begin again after the last value.').optional(),
  smooth: flag('Smooth', 'true: move from value to value in a straight line.').optional(),
});

/** Recorded values. */
export const replay = kind(settings, ({ file, column, loop = false, smooth = false }, { series }): Behaviour => {
  const recorded = series(file, column);
  const length = lengthOf(recorded);
  return ({ time }) => valueAt(recorded, loop ? time % length : time, smooth);
});

/** The last value lasts as long as the one before it. */
function lengthOf({ times }: Series): number {
  const last = times.at(-1) ?? 0;
  return last + (last - (times.at(-2) ?? last - 1000));
}

function valueAt({ times, values }: Series, time: number, smooth: boolean) {
  const i = placeOf(times, time);
  const [here = 0, next] = [values[i], values[i + 1]];
  if (!smooth || typeof here !== 'number' || typeof next !== 'number') return here;
  const [start = 0, end = 0] = [times[i], times[i + 1]];
  return here + ((next - here) * (time - start)) / (end - start);
}

/** The place of the last time that has come, by bisection. */
function placeOf(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= time) low = middle;
    else high = middle;
  }
  return low;
}
