import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';

/** Which requests a user wants to see; an empty text is for all. */
export interface Filter {
  readonly search: string;
  readonly unit: string;
  readonly functionCode: string;
  readonly client: string;
  readonly onlyExceptions: boolean;
}

export const NO_FILTER: Filter = { search: '', unit: '', functionCode: '', client: '', onlyExceptions: false };

export function filtered(exchanges: readonly Exchange[], filter: Filter): Exchange[] {
  const search = filter.search.trim().toLowerCase();
  return exchanges.filter(
    (exchange) =>
      isWanted(filter.unit, exchange.unit) &&
      isWanted(filter.functionCode, exchange.functionCode) &&
      isWanted(filter.client, nameOf(exchange.client)) &&
      (!filter.onlyExceptions || exchange.exception !== undefined) &&
      (search === '' || wordsOf(exchange).includes(search)),
  );
}

function isWanted(wanted: string, found: string | number): boolean {
  return wanted === '' || wanted === String(found);
}

/** All that a search looks through. */
function wordsOf({ name, summary, points, request, reply, client, listener }: Exchange): string {
  return [name, summary, ...points, request, reply ?? '', nameOf(client), listener].join(' ').toLowerCase();
}

/** What there is to choose from, each once and in order. */
export function choices<T>(exchanges: readonly Exchange[], of: (exchange: Exchange) => T): T[] {
  return [...new Set(exchanges.map(of))].sort((a, b) => String(a).localeCompare(String(b), 'en', { numeric: true }));
}
