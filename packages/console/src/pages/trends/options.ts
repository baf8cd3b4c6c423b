import type UPlot from 'uplot';
import { timeOfDay } from '../../format/times.js';
import type { Pick } from '../../state/trends.js';
import { colours } from './colours.js';

/** Pixels. */
export const HEIGHT = 340;

/** Points with the same unit of measure share a scale; the first two scales have an axis. */
export function optionsFor({ paths }: typeof UPlot, home: HTMLElement, picks: readonly Pick[]): UPlot.Options {
  const { series, text } = colours();
  const measures = [...new Set(picks.map(({ measure }) => measure))];
  const stepped = paths.stepped?.({ align: 1 });
  return {
    width: home.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    scales: { x: { time: true }, ...Object.fromEntries(measures.map((measure) => [scaleOf(measure), {}])) },
    axes: [
      { ...axis(), values: (_, times) => times.map((time) => timeOfDay(time * 1_000).slice(0, 8)) },
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
