import type { ComponentChildren } from 'preact';
import { sentence } from '../format/texts.js';
import type { Resource } from '../state/resource.js';

interface Props<T> {
  readonly of: Resource<T>;
  readonly children: (value: T) => ComponentChildren;
}

/** What is known of something, or that it is waited for, or why it is not there. */
export function Loaded<T>({ of: { value, error, reload }, children }: Props<T>) {
  if (value !== undefined) return <>{children(value)}</>;
  if (error === undefined) return <p class="empty loading">Loading …</p>;
  return (
    <div class="empty" role="alert">
      <strong>This could not be loaded</strong>
      <p>{sentence(error)}</p>
      <p>
        <button type="button" class="button" onClick={reload}>
          Try again
        </button>
      </p>
    </div>
  );
}
