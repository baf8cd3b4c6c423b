import type { Signal } from '@preact/signals';
import type { Point } from '../../api/contract.js';
import { hex } from '../../format/numbers.js';

/** There is room for so many; of more, the first ones are shown. */
const MOST = 4;
const SHOWN = 2;

/** What is in memory: registers in hexadecimal, bits as 0 and 1. */
export function PointRegisters({ point }: { readonly point: Signal<Point> }) {
  const { raw } = point.value;
  if (isOfBits(point.value)) return <>{raw.join(' ')}</>;
  const shown = raw.slice(0, raw.length > MOST ? SHOWN : MOST).map((register) => hex(register));
  return (
    <>
      {shown.join(' ')}
      {raw.length > MOST && <span class="more">… of {raw.length}</span>}
    </>
  );
}

function isOfBits({ table, bit }: Point): boolean {
  return bit !== undefined || table === 'coils' || table === 'discreteInputs';
}
