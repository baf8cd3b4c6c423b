/** Whether a user's code returned a promise of any kind. Throws if a hostile `then` throws. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Wraps a user's promise in our own: whatever its `then`, `catch` and `finally` do, ours settles once or never. */
export function toPromise<T>(value: PromiseLike<T>): Promise<T> {
  return new Promise((resolve) => resolve(value));
}

/** Calls `next` with a value at once, or, if it is a promise, when it has resolved. */
export function after<T, R>(value: T | PromiseLike<T>, next: (value: T) => R | Promise<R>): R | Promise<R>;
export function after<R>(value: unknown, next: (value: unknown) => R | Promise<R>): R | Promise<R> {
  return isPromiseLike(value) ? toPromise(value).then(next) : next(value);
}
