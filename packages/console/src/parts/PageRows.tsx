import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { usePageRows } from '../state/page-rows.js';

interface Props<T> {
  readonly items: readonly T[];
  /** The item that is always rendered, as somebody works with it. */
  readonly kept?: T | undefined;
  /** A row of the class `fixed`, with a key. */
  readonly row: (item: T, index: number) => ComponentChildren;
}

/** The body of a long table, of which only those rows are rendered that can be seen. */
export function PageRows<T>({ items, kept, row }: Props<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to, height } = usePageRows(body, items.length);
  const rows: ComponentChildren[] = [];
  let next = 0;
  const skipTo = (index: number) => {
    if (index > next) rows.push(<tr key={`to ${index}`} style={{ height: `${(index - next) * height}px` }} />);
  };
  items.forEach((item, index) => {
    if ((index < from || index >= to) && item !== kept) return;
    skipTo(index);
    rows.push(row(item, index));
    next = index + 1;
  });
  skipTo(items.length);
  return <tbody ref={body}>{rows}</tbody>;
}
