import { connection } from '../api/live.js';

const STATES = {
  connecting: { dot: 'dot warn', text: 'connecting …' },
  live: { dot: 'dot good', text: 'live' },
  lost: { dot: 'dot bad', text: 'reconnecting …' },
};

/** Whether what is shown is up to date. */
export function ConnectionState() {
  const { dot, text } = STATES[connection.value];
  return (
    <span role="status">
      <span class={dot} />
      {text}
    </span>
  );
}
