import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { CommanderError } from 'commander';
import { ConfigError } from '../config/problems.js';
import { amount } from '../ground/amount.js';
import { Failure } from '../ground/failure.js';
import { endInTime, print, surviveLostOutput } from '../ground/output.js';
import { shown } from '../ground/shown.js';
import { UsageError } from '../ground/usage-error.js';
import { createProgram } from './program.js';

/** Runs the command. The process ends with its exit code: 0 ok, 1 failure, 2 wrong usage or config. */
export async function runCommand(argv: string[]): Promise<void> {
  surviveLostOutput();
  let help = '';
  const program = createProgram((text) => {
    help += text;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Commander throws instead of exiting once it has written the help or the version.
    if (!(error instanceof CommanderError && error.exitCode === 0)) process.exitCode = report(error);
  }
  if (help !== '') process.exitCode = await print(help);
  endInTime();
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`busbar: ${shown(error.message)}\nSee: busbar --help, busbar COMMAND --help\n`);
    return 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(`busbar: ${shown(error.message)}\n`);
    return 1;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${error.message}\nbusbar: ${amount(error.problems.length, 'problem')} in ${shown(error.file)}\n`,
    );
    return 2;
  }
  if (isOutOfFiles(error)) {
    process.stderr.write(
      'busbar: this process may not open enough files to start; raise the limit, for example with: ulimit -n 1024\n',
    );
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`busbar: this is a fault of Busbar itself, please report it\n${text}\n`);
  return 1;
}

/** Happens while modules are loaded. Without a descriptor, Node.js also takes an installed package for missing. */
function isOutOfFiles(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  if (error.code !== 'ERR_MODULE_NOT_FOUND') return error.code === 'EMFILE' || error.code === 'ENFILE';
  const [, file] = /^Cannot find package '([^']+)'/.exec(error.message) ?? [];
  return file !== undefined && isAbsolute(file) && existsSync(dirname(file));
}
