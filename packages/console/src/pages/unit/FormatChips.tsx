import type { Signal } from '@preact/signals';
import { Chip } from '../../parts/Chip.js';
import { FORMAT_NAMES, hasOrders, shownFormats, shownOrders } from './columns.js';
import { ORDERS } from './wide-formats.js';

/** Chooses the columns of the tables of registers. */
export function FormatChips() {
  return (
    <div class="formats">
      <Chips title="Columns" names={FORMAT_NAMES} shown={shownFormats} />
      {hasOrders.value && <Chips title="Byte orders" names={ORDERS} shown={shownOrders} />}
    </div>
  );
}

interface Props<T extends string> {
  readonly title: string;
  readonly names: readonly T[];
  readonly shown: Signal<readonly T[]>;
}

/** Any of several names; one always stays. */
function Chips<T extends string>({ title, names, shown }: Props<T>) {
  const toggle = (name: T, on: boolean) => {
    const next = on ? [...shown.value, name] : shown.value.filter((each) => each !== name);
    if (next.length > 0) shown.value = next;
  };
  return (
    <fieldset class="row">
      <legend class="hidden">{title}</legend>
      <small class="muted" aria-hidden="true">
        {title}
      </small>
      {names.map((name) => (
        <Chip key={name} label={name} checked={shown.value.includes(name)} onChange={(on) => toggle(name, on)} />
      ))}
    </fieldset>
  );
}
