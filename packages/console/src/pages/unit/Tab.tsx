import { useEffect, useRef } from 'preact/hooks';
import type { Unit } from '../../api/contract.js';
import { hrefOf } from '../../state/route.js';

interface Props {
  readonly unit: Unit;
  readonly tab: string;
  readonly name: string;
  readonly isCurrent: boolean;
}

/** The way to a part of a unit. */
export function Tab({ unit, tab, name, isCurrent }: Props) {
  const link = useRef<HTMLAnchorElement>(null);
  // On a narrow screen, not all tabs are in sight.
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [isCurrent]);
  return (
    <a ref={link} href={hrefOf('units', unit.key, tab)} aria-current={isCurrent ? 'page' : undefined}>
      {name}
    </a>
  );
}
