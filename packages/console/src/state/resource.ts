import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../api/live.js';
import { messageOf, request } from '../api/request.js';
import { token } from '../api/token.js';

/** Something of the server: what is known of it, and how to ask again. */
export interface Resource<T> {
  readonly value: T | undefined;
  /** Why the last attempt failed. */
  readonly error: string | undefined;
  reload(): void;
}

/**
 * Asks for a path of the API, and again after the connection was lost. What was known stays until the answer comes.
 * @param every milliseconds from one answer to the next request; without it, it is asked once.
 */
export function useResource<T>(path: string, every?: number): Resource<T> {
  const [state, setState] = useState<{ path: string; value?: T; error?: string }>({ path });
  const [asked, setAsked] = useState(0);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  const newest = useRef(0);
  // Before the page is painted: the answer is on its way meanwhile.
  useLayoutEffect(() => {
    const turn = ++newest.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (change: { value: T; error?: never } | { error: string }) => {
      if (turn !== newest.current) return;
      setState(
        (before) => ({ ...(before.path === path && { value: before.value }), path, ...change }) as typeof before,
      );
      if (every !== undefined) timer = setTimeout(reload, every);
    };
    request<T>('GET', path).then(
      (value) => settle({ value }),
      (error) => settle({ error: messageOf(error) }),
    );
    return () => {
      newest.current++;
      clearTimeout(timer);
    };
  }, [path, asked, epoch.value, token.value]);
  const current = state.path === path ? state : undefined;
  return { value: current?.value, error: current?.error, reload };
}
