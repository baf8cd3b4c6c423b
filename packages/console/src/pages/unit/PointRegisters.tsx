import type { Signal } from '@preact/signals';
import type { Point } from '../../api/contract.js';
import { hex } from '../../format/numbers.js';

/** So many are shown. */
const SHOWN = 4;

/** What is in memory: registers in hexadecimal, bits as 0 and 1. */
export function PointRegisters({ point }: { readonly point: Signal<Point> }) {
  const { raw } = point.value;
  if (isOfBits(point.value)) return <>{raw.join(' ')}</>;
  const shown = raw.slice(0, SHOWN).map((register) => hex(register));
  return (
    <>
      {shown.join(' ')}
      {raw.length > SHOWN && <span class="more"> … {raw.length} registers</span>}
    </>
  );
}

function isOfBits({ table, bit }: Point): boolean {
  return bit !== undefined || table === 'coils' || table === 'discreteInputs';
}
