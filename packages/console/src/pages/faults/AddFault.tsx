import { useState } from 'preact/hooks';
import { request } from '../../api/request.js';
import { ActionError } from '../../parts/ActionError.js';
import { Field } from '../../parts/Field.js';
import { Panel } from '../../parts/Panel.js';
import { useAction } from '../../state/action.js';
import { root } from '../../state/root.js';
import { ConditionFields } from './ConditionFields.js';
import { type Draft, EMPTY_DRAFT, faultOf, type TextKey } from './draft.js';
import { EffectFields } from './EffectFields.js';
import { FaultPreview } from './FaultPreview.js';
import { MatchFields } from './MatchFields.js';

/** A form for a new fault. */
export function AddFault() {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const { error, run } = useAction();
  if (root.value?.writable === false) return null;
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const onText = (key: TextKey, text: string) => change({ [key]: text });
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
          <Field
            label="Name"
            required
            placeholder="busy"
            help="For the log, and to switch it by"
            value={draft.name}
            onValue={(name) => change({ name })}
          />
        </div>
        <EffectFields effects={draft.effects} onEffects={(effects) => change({ effects })} />
        <MatchFields draft={draft} onText={onText} />
        <ConditionFields draft={draft} onText={onText} />
        <FaultPreview draft={draft} />
        <ActionError error={error} />
        <div class="row">
          <button type="submit" class="button primary">
            {draft.active ? 'Add and switch on' : 'Add, switched off'}
          </button>
          <label class="row check">
            <input
              type="checkbox"
              checked={draft.active}
              onChange={(event) => change({ active: event.currentTarget.checked })}
            />
            On at once
          </label>
        </div>
      </form>
    </Panel>
  );
}
