/**
 * Keeps the process alive when the reader of its output goes away (`busbar serve | head -1`): a device that serves
 * clients must not die with a closed pipe. Later output is lost, as its reader wants it.
 */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
