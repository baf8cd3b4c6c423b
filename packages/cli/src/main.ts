#!/usr/bin/env node
import { parseInvocation } from './arguments.js';
import { ConfigError } from './config/problems.js';
import { helpText, version } from './help.js';
import { surviveClosedOutput } from './output.js';
import { UsageError } from './usage-error.js';

/** @returns the exit code: 0 ok, 1 failure, 2 wrong usage or config. */
async function run(argv: string[]): Promise<number> {
  const invocation = parseInvocation(argv);
  switch (invocation.command) {
    case 'version':
      return print(version());
    case 'help':
      return print(helpText(invocation.topic));
    case 'serve': {
      // Only now: it brings in the library, the YAML parser and the validator, which help and version do without.
      const { serve } = await import('./commands/serve.js');
      return await serve(invocation.options);
    }
    case 'monitor': {
      const { monitor } = await import('./commands/monitor.js');
      return await monitor(invocation.options);
    }
    case 'certs': {
      const { certs } = await import('./commands/certs.js');
      return await certs(invocation.options);
    }
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`busbar: ${error.message}\nSee: busbar --help, busbar COMMAND --help\n`);
    return 2;
  }
  if (error instanceof ConfigError) {
    const { length } = error.problems;
    process.stderr.write(
      `${error.message}\nbusbar: ${length === 1 ? '1 problem' : `${length} problems`} in ${error.file}\n`,
    );
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`busbar: this is a fault of Busbar itself, please report it\n${text}\n`);
  return 1;
}

surviveClosedOutput();
process.exitCode = await run(process.argv.slice(2)).catch(report);
