import { useState } from 'preact/hooks';
import { messageOf } from '../api/request.js';

/** Something that the user does at the server. */
interface Action {
  /** Why the last attempt failed. */
  readonly error: string | undefined;
  /** @returns whether it went well. */
  run(act: () => Promise<unknown>): Promise<boolean>;
}

export function useAction(): Action {
  const [error, setError] = useState<string>();
  const run = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setError(undefined);
      return true;
    } catch (problem) {
      setError(messageOf(problem));
      return false;
    }
  };
  return { error, run };
}
