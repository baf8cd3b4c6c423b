import { ago, moment } from '../format/times.js';
import { now } from '../state/clock.js';

/** How long ago something was. */
export function Age({ of }: { readonly of: number }) {
  return (
    <time dateTime={new Date(of).toISOString()} title={moment(of)}>
      {ago(of, now.value)}
    </time>
  );
}
