import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { csv } from '../../format/csv.js';

const HEAD = 'time,listener,client,unit,function,summary,points,exception,ms,request,reply'.split(',');

/** Requests as CSV, oldest first. */
export function csvOf(exchanges: readonly Exchange[]): string {
  return csv([HEAD, ...exchanges.map(rowOf)]);
}

function rowOf(exchange: Exchange): (string | number)[] {
  const { time, listener, client, unit, functionCode, summary, points, exception, took, request, reply } = exchange;
  return [
    new Date(time).toISOString(),
    listener,
    nameOf(client),
    unit,
    functionCode,
    summary,
    points.join(' '),
    exception?.code ?? '',
    took,
    request,
    reply ?? '',
  ];
}
