import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ListenError } from '../../errors.js';
import type { FromPort, PortTask, ToPort } from './messages.js';
import type { LineSettings, OwnPort } from './options.js';

/**
 * Opens a port from a worker thread. The `serialport` package always reads on the main thread's loop, and in a worker
 * it crashes the process. So a separate process holds the port open.
 */
export async function openRemotePort(settings: LineSettings): Promise<OwnPort> {
  const child = fork(processFile(settings.path), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const ended = () => reject(new ListenError('OPEN_FAILED', `cannot open ${settings.path}: ${ENDED}`));
    child.once('exit', ended);
    child.once('message', (message: FromPort) => {
      child.off('exit', ended);
      if (message.kind === 'opened') return resolve(new RemotePort(settings, child));
      child.disconnect();
      if (message.kind === 'failed') reject(openError(message));
    });
    child.send(settings);
  });
}

/** @throws ListenError in a bundle, where the file is missing. */
function processFile(path: string): string {
  // CommonJS bundles have no `import.meta`. Some bundlers would take a URL made from it directly for an asset.
  const here = import.meta.url;
  const file = here === undefined ? '' : fileURLToPath(new URL('./process.js', here));
  if (existsSync(file)) return file;
  const reason = `a separate process must open a port for a thread, and the bundle lacks its program; ${ADVICE}`;
  throw new ListenError('OPEN_FAILED', `cannot open ${path}: ${reason}`);
}

const ADVICE = 'keep busbar external (esbuild: --external:busbar)';
const ENDED = 'its process has ended';

function openError({ code, message, cause }: Extract<FromPort, { kind: 'failed' }>): ListenError {
  return new ListenError(code, message, { cause: cause === undefined ? undefined : new Error(cause) });
}

type Done = (error: Error | null) => void;

/** A port that another process holds open. */
class RemotePort extends Duplex {
  isOpen = true;
  readonly path: string;
  readonly #child: ChildProcess;
  readonly #tasks = new Map<number, Done>();
  #lastTask = 0;
  #paused = false;

  constructor({ path, highWaterMark }: LineSettings, child: ChildProcess) {
    super({ highWaterMark });
    this.path = path;
    this.#child = child;
    child.on('message', (message: FromPort) => this.#receive(message));
    child.once('exit', () => this.#lost(ENDED));
    child.on('error', (error) => this.#lost(error.message));
  }

  set(flags: { rts: boolean }, done: Done): void {
    this.#ask({ kind: 'set', flags }, done);
  }

  drain(done: Done): void {
    this.#ask({ kind: 'drain' }, done);
  }

  close(done: Done): void {
    this.#ask({ kind: 'close' }, done);
  }

  override _read(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#send({ kind: 'resume' });
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    this.#ask({ kind: 'write', bytes }, done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.isOpen = false;
    if (this.#child.connected) this.#child.disconnect();
    for (const settle of this.#tasks.values()) settle(error);
    this.#tasks.clear();
    done(error);
  }

  #ask(task: PortTask, done: Done): void {
    if (!this.isOpen) {
      done(new Error(`${this.path} is not open`));
      return;
    }
    const id = ++this.#lastTask;
    this.#tasks.set(id, done);
    this.#send({ kind: 'task', id, task });
  }

  #send(message: ToPort): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #receive(message: FromPort): void {
    if (message.kind === 'data') this.#deliver(message.bytes);
    else if (message.kind === 'overrun') this.emit('overrun', message.count);
    else if (message.kind === 'closed') this.#lost(message.error);
    else if (message.kind === 'done') this.#settle(message.id, message.error);
  }

  #deliver(bytes: Uint8Array): void {
    if (this.push(bytes) || this.#paused) return;
    this.#paused = true;
    this.#send({ kind: 'pause' });
  }

  #settle(id: number, error: string | undefined): void {
    const done = this.#tasks.get(id);
    this.#tasks.delete(id);
    done?.(error === undefined ? null : new Error(error));
  }

  #lost(reason: string | undefined): void {
    if (this.isOpen) this.destroy(reason === undefined ? undefined : new Error(reason));
  }
}
