import type UPlot from 'uplot';
import { timeOfDay } from '../../format/times.js';
import type { Pick } from '../../state/trends.js';
import { colours } from './colours.js';
import type { TimeWindow } from './time-window.js';

/** Pixels. */
export const HEIGHT = 340;

/**
 * Points with the same unit of measure share a scale; the first two scales have an axis.
 * @param hold is called with what the mouse has selected.
 */
export function optionsFor(
  { paths }: typeof UPlot,
  home: HTMLElement,
  picks: readonly Pick[],
  hold: (selected: TimeWindow) => void,
): UPlot.Options {
  const { series, text } = colours();
  const measures = [...new Set(picks.map(({ measure }) => measure))];
  const stepped = paths.stepped?.({ align: 1 });
  return {
    width: home.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false } },
    hooks: { setSelect: [(plot) => take(plot, hold)] },
    scales: { x: { time: true }, ...Object.fromEntries(measures.map((measure) => [scaleOf(measure), {}])) },
    axes: [
      { ...axis(), space: 68, values: (_plot, times, _axis, _space, step) => times.map((time) => label(time, step)) },
      ...measures.slice(0, 2).map(valueAxis),
    ],
    series: [
      {},
      ...picks.map(({ name, measure }, i) => ({
        label: name,
        scale: scaleOf(measure),
        stroke: series[i] ?? text,
        width: 2,
        points: { show: false },
        ...(stepped && { paths: stepped }),
      })),
    ],
  };
}

function take(plot: UPlot, hold: (selected: TimeWindow) => void): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  hold({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') });
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** @param step seconds from one label to the next. */
function label(time: number, step: number): string {
  return timeOfDay(time * 1_000).slice(0, step < 1 ? 10 : 8);
}

function scaleOf(measure: string): string {
  return `measure ${measure}`;
}

function axis(): UPlot.Axis {
  const { text, line } = colours();
  return { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
}

const [LEFT, RIGHT] = [3, 1] as const;

function valueAxis(measure: string, i: number): UPlot.Axis {
  const { line } = colours();
  const label = measure === '' ? {} : { label: measure, labelSize: 20 };
  const grid = { show: i === 0, stroke: line, width: 1 };
  return { ...axis(), ...label, grid, scale: scaleOf(measure), side: i === 0 ? LEFT : RIGHT, size: 56 };
}
