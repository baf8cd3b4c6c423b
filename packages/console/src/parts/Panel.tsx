import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** Beside the title. */
  readonly tools?: ComponentChildren;
  /** Whether what is in it has space around. */
  readonly padded?: boolean;
  readonly children: ComponentChildren;
}

/** A part of a page, with a title. */
export function Panel({ title, tools, padded = false, children }: Props) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {tools}
      </header>
      {padded ? <div class="body">{children}</div> : children}
    </section>
  );
}
