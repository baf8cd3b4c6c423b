import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props {
  /** When this changes, the background lights up for a moment. */
  readonly of: string | number | undefined;
  readonly children: ComponentChildren;
}

/** Milliseconds from the last change until the light fades. */
const LIT = 300;

/** What shows that it has changed. */
export function Flash({ of, children }: Props) {
  // What changes all the time stays lit: a fade costs work in every frame, and hundreds at once cost frames.
  return <span class={useIsLit(of) ? 'flashing lit' : 'flashing'}>{children}</span>;
}

function useIsLit(of: Props['of']): boolean {
  const last = useRef(of);
  const [isLit, setLit] = useState(false);
  useEffect(() => {
    if (last.current === of) return undefined;
    last.current = of;
    setLit(true);
    const timer = setTimeout(() => setLit(false), LIT);
    return () => clearTimeout(timer);
  }, [of]);
  return isLit;
}
