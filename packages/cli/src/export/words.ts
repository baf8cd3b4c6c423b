import { formatPlace, type Point, type PointPlace } from 'busbar';

/** `holding`, as in `holding 0`. */
export function tableWord(table: PointPlace['table']): string {
  return formatPlace({ table, address: 0 }).split(' ', 1)[0];
}

/** `0=off, 1=auto` */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([number, label]) => `${number}=${label}`)
    .join(', ');
}

/** The order of the bytes, where there is more than one register to order, or it is not the usual one. */
export function orderOf({ type, order, quantity }: Point): string | undefined {
  const isOrdered = quantity > 1 && type !== 'string' && type !== 'raw';
  return isOrdered || order !== 'ABCD' ? order : undefined;
}
