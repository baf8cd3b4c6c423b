import { Field } from '../../parts/Field.js';
import type { TextKey } from './draft.js';
import type { GroupProps } from './MatchFields.js';

/** How often a fault hits, and how long it stays on. */
export function ConditionFields({ draft, onText }: GroupProps) {
  const of = (key: TextKey) => ({ value: draft[key], onValue: (text: string) => onText(key, text) });
  return (
    <fieldset class="group">
      <legend>How often, how long</legend>
      <div class="fields">
        <Field label="One in" placeholder="3" help="3 hits each third request, 1 all of them" {...of('every')} />
        <Field label="Share" placeholder="0.3" help="0.3 hits 30 % of the requests, by chance" {...of('probability')} />
        <Field label="Off after hits" placeholder="5" help="How many; never by default" {...of('times')} />
        <Field label="Switch off after" placeholder="10s" help="250ms, 10s, 5m, 1h; never by default" {...of('for')} />
      </div>
    </fieldset>
  );
}
