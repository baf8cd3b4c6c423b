import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  /** When this changes, the background lights up for a moment. */
  readonly of: string | number | undefined;
  readonly children: ComponentChildren;
}

/** Milliseconds from the last change until the light fades. */
const LIT = 300;

/** What shows that it has changed. */
export function Flash({ of, children }: Props) {
  const home = useRef<HTMLSpanElement>(null);
  const last = useRef(of);
  useEffect(() => {
    if (last.current === of) return undefined;
    last.current = of;
    // What changes all the time stays lit: a fade costs work in every frame, and hundreds at once cost frames.
    home.current?.classList.add('lit');
    const timer = setTimeout(() => home.current?.classList.remove('lit'), LIT);
    return () => clearTimeout(timer);
  }, [of]);
  return (
    <span class="flashing" ref={home}>
      {children}
    </span>
  );
}
