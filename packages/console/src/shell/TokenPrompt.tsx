import { useState } from 'preact/hooks';
import { setToken, tokenWanted } from '../api/token.js';
import { sentence } from '../format/texts.js';

/** Asks for the token that the server wants. */
export function TokenPrompt() {
  const [text, setText] = useState('');
  return (
    <main class="prompt">
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          setToken(text.trim());
        }}
      >
        <h1>Busbar</h1>
        <label class="labelled">
          <span>Token</span>
          <input
            class="field"
            type="password"
            autocomplete="current-password"
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <small class="muted">
          It is <code>http.token</code> of the config, or <code>http.readToken</code> to look only. It is kept until
          this tab is closed.
        </small>
        {tokenWanted.value !== '' && (
          <p class="note error" role="alert">
            {sentence(tokenWanted.value ?? '')}
          </p>
        )}
        <button type="submit" class="button primary">
          Open the console
        </button>
      </form>
    </main>
  );
}
