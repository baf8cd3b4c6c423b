import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { Chip } from '../../parts/Chip.js';
import { FilterChoice } from './FilterChoice.js';
import { choices, type Filter } from './filter.js';

interface Props {
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** What there is to choose from. */
  readonly exchanges: readonly Exchange[];
}

export function FilterBar({ filter, onFilter, exchanges }: Props) {
  const change = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  const names = new Map(exchanges.map(({ functionCode, name }) => [functionCode, name]));
  const codes = choices(exchanges, ({ functionCode }) => functionCode);
  return (
    <search class="row filters">
      <input
        class="field"
        type="search"
        aria-label="Search requests"
        placeholder="Search points, words, bytes"
        value={filter.search}
        onInput={(event) => change({ search: event.currentTarget.value })}
      />
      <FilterChoice
        label="All units"
        value={filter.unit}
        options={choices(exchanges, ({ unit }) => unit).map((unit) => [String(unit), `Unit ${unit}`])}
        onValue={(unit) => change({ unit })}
      />
      <FilterChoice
        label="All functions"
        value={filter.functionCode}
        options={codes.map((code) => [String(code), `${code}: ${names.get(code)}`])}
        onValue={(functionCode) => change({ functionCode })}
      />
      <FilterChoice
        label="All clients"
        value={filter.client}
        options={choices(exchanges, ({ client }) => nameOf(client)).map((name) => [name, name])}
        onValue={(client) => change({ client })}
      />
      <Chip
        label="Only exceptions"
        checked={filter.onlyExceptions}
        onChange={(onlyExceptions) => change({ onlyExceptions })}
      />
    </search>
  );
}
