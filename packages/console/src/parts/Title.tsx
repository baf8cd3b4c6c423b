import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  /** Below the title. */
  readonly about?: ComponentChildren;
  /** On the other side. */
  readonly children?: ComponentChildren;
}

/** The head of a page. */
export function Title({ title, about, children }: Props) {
  return (
    <div class="title">
      <div>
        <h1>{title}</h1>
        {about !== undefined && <p>{about}</p>}
      </div>
      {children}
    </div>
  );
}
