import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface Props {
  /** When this changes, the background lights up for a moment. */
  readonly of: string | number | undefined;
  readonly children: ComponentChildren;
}

/** What shows that it has changed. */
export function Flash({ of, children }: Props) {
  const first = useRef(of);
  // Another key makes another element, and with it the animation begins anew.
  return (
    <span key={of} class={of === first.current ? 'flashing' : 'flashing flash'}>
      {children}
    </span>
  );
}
