import { useState } from 'preact/hooks';
import type { Point, Value } from '../../api/contract.js';
import { Chip } from '../../parts/Chip.js';
import { bitsOf, choicesOf, textOf, valueIn } from './edit.js';

interface Props {
  readonly point: Point;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
  /** The element that says what may be written. */
  readonly describedBy: string;
  /** Whether the value was refused. */
  readonly invalid: boolean;
}

/** What a value is written in: a text, a choice, or bits. */
export function PointField(props: Props) {
  if (props.point.type === 'bits') return <BitsField {...props} />;
  return choicesOf(props.point) === undefined ? <TextField {...props} /> : <ChoiceField {...props} />;
}

function TextField({ point, onValue, describedBy, invalid }: Props) {
  const [text, setText] = useState(textOf(point));
  return (
    <input
      class="field"
      aria-label={`New value of ${point.name}`}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      inputMode={point.type === 'string' || point.type === 'raw' ? 'text' : 'decimal'}
      value={text}
      autocomplete="off"
      onFocus={(event) => event.currentTarget.select()}
      onInput={({ currentTarget }) => {
        setText(currentTarget.value);
        onValue(valueIn(currentTarget.value, point));
      }}
    />
  );
}

function ChoiceField({ point, value, onValue, describedBy, invalid }: Props) {
  const choices = choicesOf(point) ?? [];
  const chosen = choices.findIndex((choice) => choice.value === value);
  return (
    <select
      class="field"
      aria-label={`New value of ${point.name}`}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      value={chosen}
      onChange={({ currentTarget }) => {
        const choice = choices[Number(currentTarget.value)];
        if (choice !== undefined) onValue(choice.value);
      }}
    >
      {chosen === -1 && <option value={-1}>choose …</option>}
      {choices.map(({ text }, i) => (
        <option key={text} value={i}>
          {text}
        </option>
      ))}
    </select>
  );
}

function BitsField({ point, value, onValue, describedBy }: Props) {
  const set = new Set(Array.isArray(value) ? value.map(String) : []);
  const change = (bit: string, on: boolean) =>
    onValue(bitsOf(point).filter((each) => (each === bit ? on : set.has(each))));
  return (
    <fieldset class="row" aria-describedby={describedBy}>
      <legend class="hidden">Bits of {point.name}</legend>
      {bitsOf(point).map((bit) => (
        <Chip key={bit} label={bit} checked={set.has(bit)} onChange={(on) => change(bit, on)} />
      ))}
    </fieldset>
  );
}
