import { counted } from '../../format/numbers.js';

/** That something goes wrong on purpose. */
export function FaultsOn({ active }: { readonly active: number }) {
  return (
    <p class="note error">
      <strong>{counted(active, 'fault')} on:</strong> some requests are answered wrongly on purpose.{' '}
      <a href="#/faults">See which</a>
    </p>
  );
}
