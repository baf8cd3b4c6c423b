import { useEffect, useRef } from 'preact/hooks';
import { shade } from '../../state/theme.js';
import { keyOf, type Pick } from '../../state/trends.js';
import { draw } from './draw.js';

interface Props {
  readonly picks: readonly Pick[];
  /** Seconds that are shown. */
  readonly span: number;
}

/** The curves. Drag over a part to see it larger; a double click goes back to what comes. */
export function Plot({ picks, span }: Props) {
  const home = useRef<HTMLDivElement>(null);
  const key = picks.map(keyOf).join(' ');
  useEffect(() => (home.current === null ? undefined : draw(home.current, picks, span)), [key, span, shade.value]);
  return (
    <div class="plot">
      <div ref={home} role="img" aria-label={`Values over time of ${picks.map(({ name }) => name).join(', ')}`} />
      <small class="muted">Drag to zoom in, double-click to follow again.</small>
    </div>
  );
}
