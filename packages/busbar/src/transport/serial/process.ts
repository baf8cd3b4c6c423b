import { ListenError } from '../../errors.js';
import type { FromPort, PortTask, ToPort } from './messages.js';
import { openPort } from './open.js';
import type { LineSettings, OwnPort } from './options.js';

// A process that holds a port open for a worker thread: see remote.ts.

process.once('message', (settings: LineSettings) => void open(settings));
process.once('disconnect', () => process.exit());
// An interrupt of the whole group is meant for the program, which ends this process when it is done with the port.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function tell(message: FromPort): void {
  // The parent may already be gone; ignore send errors.
  process.send?.(message, undefined, undefined, () => undefined);
}

async function open(settings: LineSettings): Promise<void> {
  try {
    const port = await openPort(settings);
    tell({ kind: 'opened' });
    serve(port);
  } catch (error) {
    const { code, message, cause } = error instanceof ListenError ? error : new ListenError('OPEN_FAILED', `${error}`);
    tell({ kind: 'failed', code, message, cause: cause instanceof Error ? cause.message : undefined });
  }
}

function serve(port: OwnPort): void {
  let problem: Error | undefined;
  port.on('data', (bytes: Uint8Array) => tell({ kind: 'data', bytes }));
  port.on('overrun', (count: number) => tell({ kind: 'overrun', count }));
  port.on('error', (error) => {
    problem = error;
  });
  port.on('close', (error?: Error | null) => tell({ kind: 'closed', error: (error ?? problem)?.message }));
  process.on('message', (message: ToPort) => {
    if (message.kind !== 'task') port[message.kind]();
    else carryOut(port, message.task, (error) => tell({ kind: 'done', id: message.id, error: error?.message }));
  });
}

function carryOut(port: OwnPort, task: PortTask, done: (error?: Error | null) => void): void {
  if (task.kind === 'write') port.write(task.bytes, done);
  else if (task.kind === 'set') port.set?.(task.flags, done);
  else port[task.kind](done);
}
