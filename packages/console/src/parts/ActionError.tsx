import { sentence } from '../format/texts.js';

/** Why something that the user wanted was not done. */
export function ActionError({ error }: { readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="note error" role="alert">
      {sentence(error)}
    </p>
  );
}
