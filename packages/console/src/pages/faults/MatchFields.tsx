import { Choice } from '../../parts/Choice.js';
import { Field } from '../../parts/Field.js';
import { root } from '../../state/root.js';
import { TABLES } from '../../state/tables.js';
import { type Draft, refuses, type TextKey } from './draft.js';

export interface GroupProps {
  readonly draft: Draft;
  readonly onText: (key: TextKey, text: string) => void;
}

/** Which requests a fault is for: those that fit all of it. */
export function MatchFields({ draft, onText }: GroupProps) {
  const of = (key: TextKey) => ({ value: draft[key], onValue: (text: string) => onText(key, text) });
  const ofRequest = (key: TextKey) => ({ ...of(key), disabled: refuses(draft) });
  const ofRange = (key: TextKey) => ({ ...of(key), disabled: refuses(draft) || draft.table === '' });
  const tables = Object.values(TABLES).map(({ table, name }) => ({ value: table, name }));
  const listeners = (root.value?.listeners ?? []).map(({ name }, i) => ({ value: String(i + 1), name }));
  return (
    <fieldset class="group">
      <legend>Which requests</legend>
      <div class="fields">
        <Field label="Unit ids" placeholder="1, 2" help="All by default" {...ofRequest('unit')} />
        <Field label="Function codes" placeholder="3, 6, 16" help="All by default" {...ofRequest('functions')} />
        <Choice
          label="Table"
          help="Requests that read or write something of it"
          options={[{ value: '', name: 'All' }, ...tables]}
          {...ofRequest('table')}
        />
        <Field label="First address" placeholder="0" help="Of the table, counted from 0" {...ofRange('start')} />
        <Field label="Addresses" placeholder="10" help="How many, from the first one on" {...ofRange('count')} />
        <Field label="Clients" placeholder="192.168.1.0/24" help="IP addresses or networks" {...of('peer')} />
        <Choice
          label="Listener"
          help="Where clients have connected"
          options={[{ value: '', name: 'All' }, ...listeners]}
          {...of('listener')}
        />
      </div>
    </fieldset>
  );
}
