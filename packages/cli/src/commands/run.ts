import { ConfigError } from '../config/problems.js';
import { amount } from '../ground/amount.js';
import { endInTime, print, surviveLostOutput } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { UsageError } from '../ground/usage-error.js';
import { parseInvocation } from './arguments.js';
import { helpText, version } from './help.js';

/** @returns the exit code: 0 ok, 1 failure, 2 wrong usage or config. */
async function run(argv: string[]): Promise<number> {
  const invocation = parseInvocation(argv);
  switch (invocation.command) {
    case 'version':
      return await print(`${version()}\n`);
    case 'help':
      return await print(`${helpText(invocation.topic)}\n`);
    case 'serve': {
      // Only now: it brings in the library, the YAML parser and the validator, which help and version do without.
      const { serve } = await import('./serve.js');
      return await serve(invocation.options);
    }
    case 'monitor': {
      const { monitor } = await import('./monitor.js');
      return await monitor(invocation.options);
    }
    case 'certs': {
      const { certs } = await import('./certs.js');
      return await certs(invocation.options);
    }
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`busbar: ${shown(error.message)}\nSee: busbar --help, busbar COMMAND --help\n`);
    return 2;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${error.message}\nbusbar: ${amount(error.problems.length, 'problem')} in ${shown(error.file)}\n`,
    );
    return 2;
  }
  if (isOutOfFiles(error)) {
    process.stderr.write(
      'busbar: too few open files are allowed to start with; raise the limit, for example with: ulimit -n 1024\n',
    );
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`busbar: this is a fault of Busbar itself, please report it\n${text}\n`);
  return 1;
}

/** As while the parts of the command are loaded. */
function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/** Runs the command, and sees to it that the process ends with its exit code. */
export async function runCommand(argv: string[]): Promise<void> {
  surviveLostOutput();
  process.exitCode = await run(argv).catch(report);
  endInTime();
}
