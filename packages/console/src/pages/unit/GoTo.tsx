import { useEffect, useState } from 'preact/hooks';
import type { Point, TableWord, Unit } from '../../api/contract.js';
import { hrefOf } from '../../state/route.js';
import { referenceOf, TABLES } from '../../state/tables.js';
import { type Place, targetOf } from './go-to.js';
import { GridRows } from './grid-rows.js';

interface Props {
  readonly unit: Unit;
  /** The table that is shown. */
  readonly word: TableWord;
  /** Undefined until they are loaded. */
  readonly points: readonly Point[] | undefined;
  /** Where the user has gone last. */
  readonly target: Place | undefined;
  readonly go: (target: Place) => void;
}

/** Goes to a point, or to an address in any notation; if it is of another table, to that. */
export function GoTo({ unit, word, points, target, go }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [awaitsPoints, setAwaitsPoints] = useState(false);
  const submit = () => {
    const found = targetOf(text, word, points ?? []);
    // What is no address may be the name of a point.
    setAwaitsPoints('problem' in found && points === undefined);
    if ('problem' in found) return setProblem(points && found.problem);
    const rows = new GridRows(unit.tables[TABLES[found.word].table]);
    if (rows.rowOf(found.address) === undefined) return setProblem(`${placeOf(found)} is not in memory`);
    setProblem(undefined);
    go({ ...found });
    if (found.word !== word) location.hash = hrefOf('units', unit.key, found.word);
  };
  useEffect(() => {
    if (awaitsPoints && points !== undefined) submit();
  }, [points]);
  const place = target?.word === word ? placeOf(target) : '';
  return (
    <form
      class="row go-to"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <small class={problem === undefined ? 'said muted' : 'said danger'} role="status">
        {problem ?? place}
      </small>
      <input
        class="field address"
        aria-label="Go to an address"
        placeholder={`100, 0x64, ${referenceOf(word, 100)}, a point`}
        value={text}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        Go
      </button>
    </form>
  );
}

function placeOf({ word, address }: Place): string {
  return `${TABLES[word].place} ${address} (${referenceOf(word, address)})`;
}
