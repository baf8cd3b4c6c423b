import { MAX_PICKS } from '../../state/trends.js';

interface Colours {
  readonly series: readonly string[];
  readonly text: string;
  readonly line: string;
  readonly surface: string;
}

/** The colours of the style, for what is drawn on a canvas. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    series: Array.from({ length: MAX_PICKS }, (_, i) => of(`series-${i + 1}`)),
    text: of('muted'),
    line: of('line'),
    surface: of('surface'),
  };
}
