import { formatEndpoint } from 'busbar';
import type { Exchange, TrafficQuery } from '../contract.js';
import type { Recorded, Traffic } from './traffic.js';

const USUAL_LIMIT = 100;

/** The last exchanges that a query asks for, the oldest first. */
export function select(traffic: Traffic, query: TrafficQuery): Recorded[] {
  const { limit = USUAL_LIMIT } = query;
  const found: Recorded[] = [];
  for (const recorded of traffic.newestFirst()) {
    if (found.length >= limit) break;
    if (fits(recorded.exchange, query)) found.push(recorded);
  }
  return found.reverse();
}

function fits(exchange: Exchange, query: TrafficQuery): boolean {
  const { unit, function: functionCode, client, exception, listener } = query;
  return (
    (unit === undefined || exchange.unit === unit) &&
    (functionCode === undefined || exchange.functionCode === functionCode) &&
    (client === undefined || isOf(exchange.client, client)) &&
    (exception === undefined || String(exchange.exception !== undefined) === exception) &&
    (listener === undefined || exchange.listener === listener)
  );
}

function isOf({ address, port }: Exchange['client'], client: string): boolean {
  return address !== null && (address === client || (port !== null && formatEndpoint(address, port) === client));
}
