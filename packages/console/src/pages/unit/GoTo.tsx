import { useState } from 'preact/hooks';
import type { TableWord } from '../../api/contract.js';
import { targetOf } from './go-to.js';
import type { GridRows } from './grid-rows.js';
import { referenceOf, TABLES } from './tables.js';

interface Props {
  readonly word: TableWord;
  readonly rows: GridRows;
  readonly go: (target: { row: number }) => void;
}

/** Goes to an address, in any notation. */
export function GoTo({ word, rows, go }: Props) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState({ text: '', isError: false });
  const submit = () => {
    const target = targetOf(text, word);
    if ('problem' in target) return setSaid({ text: target.problem, isError: true });
    const { address } = target;
    const row = rows.rowOf(address);
    const place = `${TABLES[word].place} ${address} (${referenceOf(word, address)})`;
    if (row === undefined) return setSaid({ text: `${place} is not in memory`, isError: true });
    setSaid({ text: place, isError: false });
    go({ row });
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        class="field address"
        aria-label="Go to an address"
        placeholder={`100, 0x64, ${referenceOf(word, 100)}`}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        Go
      </button>
      <small class={said.isError ? 'said danger' : 'said muted'} role="status">
        {said.text}
      </small>
    </form>
  );
}
