/** One use of a cell by a client. Times are of one clock, in ms. */
export interface Operation {
  /** A cell is written as a whole, with a value that nobody has written to it before; 0 is what it holds at first. */
  readonly cell: string;
  readonly kind: 'read' | 'write';
  readonly value: number;
  /** The server that was asked. */
  readonly server: string;
  readonly start: number;
  /** When the reply came. Infinity: none came, or a refusal, so that a write may have taken effect, or may yet. */
  readonly end: number;
}

/**
 * What reads promise. `latest`: to return what is there when they are asked. `local`: to return what this server has
 * seen, so that only reads of one server come in order, and those after a write that this server has answered.
 */
export type Promised = 'latest' | 'local';

/** A value's write and reads, by what orders them against those of other values. */
interface Cluster {
  readonly value: number;
  readonly write: Operation;
  /** When the first of them was over: what starts later comes after this value. */
  over: number;
  /** The same on each server. */
  readonly overOn: Map<string, number>;
  /** The start of the last read on each server: what was over before comes before this value. */
  readonly readOn: Map<string, number>;
}

/**
 * Looks for one order of a cell's values that explains all of its operations. Since every value is written once, an
 * operation that is over before another starts orders their two values; the history is wrong if these orders contradict
 * each other. With `latest` this is linearizability (Gibbons and Korach, Testing Shared Memories, 1997).
 * @returns what is wrong, in words.
 */
export function problemsOf(operations: readonly Operation[], promised: Promised): string[] {
  const { clusters, problems } = clustersOf(operations, promised);
  const cycle = findCycle(clusters);
  if (cycle.length > 0) {
    problems.push(`${operations[0].cell}: no order explains the values ${cycle.map(describe).join(' < ')}`);
  }
  return problems;
}

function clustersOf(operations: readonly Operation[], promised: Promised) {
  const problems: string[] = [];
  const writes = operations.filter(({ kind }) => kind === 'write').map((write) => clusterOf(write, promised));
  const clusters = new Map(writes.map((cluster) => [cluster.value, cluster]));
  clusters.set(0, clusterOf({ ...operations[0], kind: 'write', value: 0, start: -Infinity, end: -Infinity }, promised));
  for (const read of operations.filter(({ kind, end }) => kind === 'read' && end < Infinity)) {
    const cluster = clusters.get(read.value);
    if (cluster === undefined) problems.push(`${read.cell}: read ${read.value}, which nobody wrote`);
    else if (read.end < cluster.write.start) problems.push(`${read.cell}: read ${read.value} before it was written`);
    else addRead(cluster, read, promised);
  }
  // A write without a reply that nobody has read may never have happened.
  const happened = [...clusters.values()].filter(({ over }) => over < Infinity);
  return { clusters: happened, problems };
}

function clusterOf(write: Operation, promised: Promised): Cluster {
  const cluster = { value: write.value, write, over: Infinity, overOn: new Map(), readOn: new Map() };
  noteEnd(cluster, write, promised);
  return cluster;
}

function addRead(cluster: Cluster, read: Operation, promised: Promised): void {
  const place = placeOf(read, promised);
  noteEnd(cluster, read, promised);
  cluster.readOn.set(place, Math.max(cluster.readOn.get(place) ?? -Infinity, read.start));
}

function noteEnd(cluster: Cluster, operation: Operation, promised: Promised): void {
  const place = placeOf(operation, promised);
  cluster.over = Math.min(cluster.over, operation.end);
  cluster.overOn.set(place, Math.min(cluster.overOn.get(place) ?? Infinity, operation.end));
}

function placeOf({ server }: Operation, promised: Promised): string {
  return promised === 'latest' ? 'anywhere' : server;
}

/** Whether one value must come before another: writes look everywhere, reads only at what their place promises. */
function precedes(one: Cluster, other: Cluster): boolean {
  if (one.over < other.write.start) return true;
  for (const [place, start] of other.readOn) if ((one.overOn.get(place) ?? Infinity) < start) return true;
  return false;
}

/** Takes away what nothing left precedes, until nothing is left, or a cycle with what follows it. */
function findCycle(clusters: readonly Cluster[]): Cluster[] {
  const before = (one: Cluster) => clusters.filter((other) => other !== one && precedes(other, one)).length;
  const waiting = new Map(clusters.map((cluster) => [cluster, before(cluster)]));
  const free = clusters.filter((cluster) => waiting.get(cluster) === 0);
  for (const cluster of free) {
    for (const other of clusters) {
      if (other === cluster || !precedes(cluster, other)) continue;
      const left = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, left);
      if (left === 0) free.push(other);
    }
  }
  const stuck = clusters.filter((cluster) => waiting.get(cluster) !== 0);
  return stuck.length === 0 ? [] : walk(stuck);
}

/** Each of these has a predecessor among them: going back from one leads to a cycle. */
function walk(left: readonly Cluster[]): Cluster[] {
  const path = [left[0]];
  for (;;) {
    const [first] = path;
    const before = left.find((other) => other !== first && precedes(other, first));
    if (before === undefined) throw new Error('not a cycle');
    const seen = path.indexOf(before);
    if (seen >= 0) return [before, ...path.slice(0, seen + 1)];
    path.unshift(before);
  }
}

function describe({ value, write }: Cluster): string {
  if (value === 0) return '0';
  return `${value} (${write.start.toFixed(1)}–${write.end.toFixed(1)} ms, ${write.server})`;
}

/** A time in which the image may have lost writes, and had an older value of each cell put in their place. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

/** The stretches between losses, each with its operations, as if it stood alone. */
export function stretchesOf(operations: readonly Operation[], losses: readonly Loss[]): Operation[][] {
  const edges = [-Infinity, ...losses.flatMap(({ from, to }) => [from, to]), Infinity];
  return Array.from({ length: losses.length + 1 }, (_, i) => within(operations, edges[2 * i], edges[2 * i + 1]));
}

/** What happened from one time to another. Whatever was written before may have been there at first. */
function within(operations: readonly Operation[], from: number, to: number): Operation[] {
  return operations.flatMap((operation) => {
    const { kind, start, end } = operation;
    if (start >= to) return [];
    if (start >= from && end <= to) return [operation];
    if (kind === 'read') return [];
    return [{ ...operation, start: start < from ? -Number.MAX_VALUE : start, end: Infinity }];
  });
}
