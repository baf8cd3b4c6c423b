import { useState } from 'preact/hooks';
import { request } from '../../api/request.js';
import { ActionError } from '../../parts/ActionError.js';
import { Field } from '../../parts/Field.js';
import { Panel } from '../../parts/Panel.js';
import { useAction } from '../../state/action.js';
import { root } from '../../state/root.js';
import { type Draft, EMPTY_DRAFT, faultOf } from './draft.js';
import { KINDS } from './kinds.js';

/** A form for a new fault. */
export function AddFault() {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const { error, run } = useAction();
  if (root.value?.writable === false) return null;
  const { setting } = KINDS.find(({ key }) => key === draft.kind) ?? {};
  const field = (key: keyof Draft) => ({
    value: draft[key],
    onValue: (value: string) => setDraft({ ...draft, [key]: value }),
  });
  const add = async () => {
    if (await run(() => request('POST', '/faults', faultOf(draft)))) setDraft(EMPTY_DRAFT);
  };
  return (
    <Panel title="Add a fault" padded>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="fields">
          <Field label="Name" required placeholder="busy" {...field('name')} />
          <label class="labelled">
            <span>What goes wrong</span>
            <select
              class="field"
              value={draft.kind}
              onChange={({ currentTarget }) => setDraft({ ...draft, kind: currentTarget.value, setting: '' })}
            >
              {KINDS.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {setting && <Field label={setting.label} required placeholder={setting.example} {...field('setting')} />}
          <Field label="Unit ids (all by default)" placeholder="1" {...field('unit')} />
          <Field label="Function codes (all by default)" placeholder="3, 6, 16" {...field('functions')} />
          <Field label="Share of requests, 0 to 1" placeholder="1" {...field('probability')} />
          <Field label="Switch off after" placeholder="10s" {...field('time')} />
        </div>
        <ActionError error={error} />
        <div class="row">
          <button type="submit" class="button primary">
            Add and switch on
          </button>
        </div>
      </form>
    </Panel>
  );
}
