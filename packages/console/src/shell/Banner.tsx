import { connection } from '../api/live.js';
import { root } from '../state/root.js';

/** What a user has to know on each page. */
export function Banner() {
  if (connection.value === 'lost') {
    return (
      <p class="banner note warning" role="status">
        The server cannot be reached: reconnecting … What you see is what it was before.
      </p>
    );
  }
  if (root.value?.writable === false) {
    return <p class="banner note">This token can only read: nothing can be changed here.</p>;
  }
  return null;
}
