import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Exchange } from '../api/contract.js';
import { epoch, subscribe } from '../api/live.js';
import { messageOf, request } from '../api/request.js';

/** Requests that are kept. */
const KEPT = 1_000;

/** Those that are asked for at the beginning. */
const ASKED = 200;

interface Traffic {
  /** Oldest first; undefined: not known yet. */
  readonly exchanges: readonly Exchange[] | undefined;
  /** Requests that the server has left out, because there were too many. */
  readonly leftOut: number;
  /** Those that have come since it was paused. */
  readonly waiting: number;
  readonly error: string | undefined;
}

interface AskedTraffic extends Traffic {
  /** Asks for the last requests again. */
  reload(): void;
}

/** The last requests, and those that come. While it is paused, what is shown stays. */
export function useTraffic(paused: boolean): AskedTraffic {
  const [state, setState] = useState<Traffic>({ exchanges: undefined, leftOut: 0, waiting: 0, error: undefined });
  const [asked, setAsked] = useState(0);
  const held = useRef<Exchange[]>([]);
  useLayoutEffect(() => {
    let isCurrent = true;
    request<Exchange[]>('GET', `/traffic?limit=${ASKED}`).then(
      (first) => isCurrent && setState((before) => known(before, first)),
      (error) => isCurrent && setState((before) => ({ ...before, error: messageOf(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [epoch.value, asked]);
  useLayoutEffect(() => {
    if (!paused) setState((before) => shown(before, held.current.splice(0), 0));
    return subscribe('request', ({ exchanges, leftOut }) => {
      if (!paused) return setState((before) => shown(before, exchanges, leftOut));
      held.current = joined(held.current, exchanges);
      setState((before) => ({ ...before, waiting: held.current.length, leftOut: before.leftOut + leftOut }));
    });
  }, [paused]);
  return { ...state, reload: () => setAsked((count) => count + 1) };
}

function known(before: Traffic, first: readonly Exchange[]): Traffic {
  return { ...before, exchanges: joined(first, before.exchanges ?? []), error: undefined };
}

function shown(before: Traffic, more: readonly Exchange[], leftOut: number): Traffic {
  if (before.exchanges === undefined && more.length === 0) return before;
  return {
    ...before,
    exchanges: joined(before.exchanges ?? [], more),
    leftOut: before.leftOut + leftOut,
    waiting: 0,
  };
}

/** Both in their order, each exchange once, and no more than are kept: a stream that resumes tells of old ones, too. */
function joined(first: readonly Exchange[], more: readonly Exchange[]): Exchange[] {
  const known = new Set(first.map(keyOf));
  const all = [...first, ...more.filter((exchange) => !known.has(keyOf(exchange)))];
  return all.sort((a, b) => a.time - b.time || a.id - b.id).slice(-KEPT);
}

/** A server that was started again counts from 1. */
export function keyOf({ id, time }: Exchange): string {
  return `${time} ${id}`;
}
