/** Whether a user's code answered with a promise, of whatever make. Throws what a hostile `then` throws. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** A promise of our own for a user's: whatever that makes of `then`, `catch` and `finally`, this one settles once or never. */
export function toPromise<T>(value: PromiseLike<T>): Promise<T> {
  return new Promise((resolve) => resolve(value));
}

/** Goes on with a value at once or, if it is a promise, when that has resolved. */
export function after<T, R>(value: T | PromiseLike<T>, next: (value: T) => R | Promise<R>): R | Promise<R>;
export function after<R>(value: unknown, next: (value: unknown) => R | Promise<R>): R | Promise<R> {
  return isPromiseLike(value) ? toPromise(value).then(next) : next(value);
}
