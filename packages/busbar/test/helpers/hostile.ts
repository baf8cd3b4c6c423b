import { inspect } from 'node:util';
import { HandlerError, ModbusException } from 'busbar';

/** Throws whatever is done to it. */
function createThrowingProxy(target: object): object {
  const fail = () => {
    throw new Error('a trap that throws');
  };
  const traps = Object.getOwnPropertyNames(Reflect).map((name) => [name, fail]);
  return new Proxy(target, Object.fromEntries(traps));
}

function createRevokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An object with a getter that throws. */
function withGetter<T extends object>(target: T, ...names: PropertyKey[]): T {
  for (const name of names) {
    Object.defineProperty(target, name, {
      configurable: true,
      get() {
        throw new Error(`a getter of ${String(name)} that throws`);
      },
    });
  }
  return target;
}

function withThen(then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void): object {
  return Object.defineProperty({}, 'then', { value: then });
}

function createPromise(overridden: readonly string[], value: () => unknown): Promise<unknown> {
  const promise = Promise.reject(new Error('broken'));
  promise.catch(() => undefined);
  for (const name of overridden) Object.defineProperty(promise, name, { value });
  return promise;
}

function createCycle(): object {
  const error = new Error('in a circle');
  return Object.assign(error, { cause: error, list: [error] });
}

const fail = () => {
  throw new Error('a function that throws');
};

/** What a program may throw, reject with or answer, by accident or not; made anew for each use. */
export const HOSTILE: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a symbol', () => Symbol('hostile')],
  ['a bigint', () => 10n],
  ['NaN', () => Number.NaN],
  ['a function', () => fail],
  ['an object without a prototype', () => Object.create(null)],
  ['a Proxy whose traps throw', () => createThrowingProxy({})],
  ['a Proxy of an error whose traps throw', () => createThrowingProxy(new Error('hidden'))],
  ['a Proxy of a function whose traps throw', () => createThrowingProxy(fail)],
  ['a Proxy of bytes', () => new Proxy(new Uint8Array(4), {})],
  ['a Proxy of an array whose traps throw', () => createThrowingProxy([1, 2])],
  ['a revoked Proxy', createRevokedProxy],
  ['an error whose message throws', () => withGetter(new Error('hidden'), 'message')],
  ['an error whose name throws', () => withGetter(new Error('hidden'), 'name')],
  ['an error whose stack throws', () => withGetter(new Error('hidden'), 'stack')],
  ['an error whose code and cause throw', () => withGetter(new Error('hidden'), 'code', 'cause')],
  ['an error whose message is a symbol', () => Object.assign(new Error('x'), { message: Symbol('message') })],
  ['an error that is its own cause', createCycle],
  ['an object that cannot be shown', () => ({ [inspect.custom]: fail, toString: fail, toJSON: fail })],
  ['an error that cannot be shown', () => Object.assign(new Error('x'), { [inspect.custom]: fail, toString: fail })],
  ['a refusal whose code throws', () => withGetter(new ModbusException(6), 'exceptionCode')],
  ['a refusal without a code', () => Object.create(ModbusException.prototype)],
  ['a refusal of no code', () => Object.assign(new ModbusException(6), { exceptionCode: 4711 })],
  [
    'a handler error whose message throws',
    () => withGetter(new HandlerError('HANDLER_FAILED', 'hidden', {}), 'message', 'code'),
  ],
  ['an object whose then throws when it is read', () => withGetter({}, 'then')],
  ['an object whose then throws', () => withThen(fail)],
  [
    'an object whose then answers and throws',
    () =>
      withThen((resolve) => {
        resolve(5);
        fail();
      }),
  ],
  [
    'an object whose then rejects twice',
    () =>
      withThen((_resolve, reject) => {
        reject(1);
        reject(2);
      }),
  ],
  ['an object whose then never answers', () => withThen(() => undefined)],
  ['a promise whose then throws', () => createPromise(['then'], fail)],
  ['a promise whose then does nothing', () => createPromise(['then'], () => undefined)],
  ['a promise whose catch and finally throw', () => createPromise(['catch', 'finally'], fail)],
  ['a promise whose constructor throws', () => withGetter(createPromise([], fail), 'constructor')],
  ['bytes in name only', () => Object.create(Uint8Array.prototype)],
  ['bytes whose length lies', () => Object.defineProperty(new Uint8Array(2), 'length', { value: 1e9 })],
  ['an array whose length lies', () => createLyingArray()],
  ['an array whose items throw', () => withGetter([1, 2, 3, 4], 0, 1)],
  ['an object whose length throws', () => withGetter({}, 'length')],
  ['an array of such', () => [createThrowingProxy({}), createRevokedProxy()]],
];

/** Two items for whoever asks first, and many for whoever asks again. */
function createLyingArray(): object {
  let asked = 0;
  return new Proxy([1, 2], {
    get: (target, name) => (name === 'length' && asked++ > 0 ? 2 ** 31 : Reflect.get(target, name)),
  });
}

/** The ways in which a value can come out of a program's function. */
export const WAYS: readonly (readonly [string, (value: unknown) => unknown])[] = [
  [
    'thrown',
    (value) => {
      throw value;
    },
  ],
  ['rejected', (value) => Promise.reject(value)],
  ['answered', (value) => value],
  ['answered later', async (value) => value],
];
