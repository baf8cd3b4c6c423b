import { Choice } from '../../parts/Choice.js';
import { Field } from '../../parts/Field.js';
import type { EffectDraft } from './draft.js';
import { KINDS, type KindField } from './kinds.js';

interface Props {
  readonly effects: readonly EffectDraft[];
  readonly onEffects: (effects: readonly EffectDraft[]) => void;
}

/** What goes wrong: one kind, or several together. */
export function EffectFields({ effects, onEffects }: Props) {
  const unused = KINDS.filter(({ key }) => effects.every(({ kind }) => kind !== key));
  const next = unused[0];
  return (
    <fieldset class="group">
      <legend>What goes wrong</legend>
      {effects.map((effect, i) => (
        <EffectRow
          key={effect.kind}
          effect={effect}
          kinds={KINDS.filter((kind) => kind.key === effect.kind || unused.includes(kind))}
          onEffect={(changed) => onEffects(effects.with(i, changed))}
          onRemove={effects.length > 1 ? () => onEffects(effects.toSpliced(i, 1)) : undefined}
        />
      ))}
      {next !== undefined && (
        <button
          type="button"
          class="button quiet more"
          onClick={() => onEffects([...effects, { kind: next.key, settings: {} }])}
        >
          Add another effect
        </button>
      )}
    </fieldset>
  );
}

interface RowProps {
  readonly effect: EffectDraft;
  /** Those that can be chosen. */
  readonly kinds: typeof KINDS;
  readonly onEffect: (effect: EffectDraft) => void;
  readonly onRemove: (() => void) | undefined;
}

function EffectRow({ effect, kinds, onEffect, onRemove }: RowProps) {
  const kind = KINDS.find(({ key }) => key === effect.kind);
  const options = kinds.map(({ key, name }) => ({ value: key, name }));
  const set = (key: string, value: string) => onEffect({ ...effect, settings: { ...effect.settings, [key]: value } });
  return (
    <div class="fields">
      <Choice
        label="Effect"
        help={kind?.help}
        value={effect.kind}
        options={options}
        onValue={(key) => onEffect({ kind: key, settings: {} })}
      />
      {kind?.fields.map((field) => (
        <SettingField
          key={field.key}
          field={field}
          value={effect.settings[field.key] ?? ''}
          onValue={(value) => set(field.key, value)}
        />
      ))}
      {onRemove && (
        <button type="button" class="button quiet remove" onClick={onRemove}>
          Remove this effect
        </button>
      )}
    </div>
  );
}

interface SettingProps {
  readonly field: KindField;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function SettingField({ field: { label, help, example, choices, required }, value, onValue }: SettingProps) {
  if (choices === undefined) {
    return (
      <Field label={label} help={help} placeholder={example} required={required} value={value} onValue={onValue} />
    );
  }
  const options = choices.map((choice) => ({ value: choice, name: choice }));
  return <Choice label={label} help={help} value={value || (choices[0] ?? '')} options={options} onValue={onValue} />;
}
