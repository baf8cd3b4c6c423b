import type { Fault } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { Switch } from '../../parts/Switch.js';
import { root } from '../../state/root.js';
import { conditionOf, effectOf, matchOf } from './words.js';

interface Props {
  readonly fault: Fault;
  readonly onSwitch: (on: boolean) => void;
  readonly onRemove: () => void;
}

/** One fault: what it does, to which requests, and whether it is on. */
export function FaultRow({ fault, onSwitch, onRemove }: Props) {
  const { name, active, hits } = fault;
  const isFixed = root.value?.writable === false;
  return (
    <li class={active ? 'fault on' : 'fault'}>
      <Switch danger on={active} label={name} disabled={isFixed} onSwitch={onSwitch} />
      <div class="what">
        <span class="name">{name}</span> {active && <span class="tag danger">{leftOf(fault)}</span>}
        <p>{effectOf(fault)}</p>
        <small class="muted">{[matchOf(fault), conditionOf(fault)].filter((part) => part !== '').join(' · ')}</small>
      </div>
      <span class="hits muted">{counted(hits, 'hit')}</span>
      <button type="button" class="button quiet" disabled={isFixed} aria-label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </button>
    </li>
  );
}

function leftOf({ left }: Fault): string {
  return left === undefined ? 'on' : `on, ${Math.ceil(left / 1_000)} s left`;
}
