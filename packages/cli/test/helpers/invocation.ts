import { type Command, CommanderError } from 'commander';
import { certsOptions } from '../../src/commands/certs.js';
import { exportOptions } from '../../src/commands/export.js';
import { faultOptions } from '../../src/commands/fault.js';
import { getOptions } from '../../src/commands/get.js';
import { importOptions } from '../../src/commands/import.js';
import { initOptions } from '../../src/commands/init.js';
import { monitorOptions } from '../../src/commands/monitor.js';
import { printOptions } from '../../src/commands/print.js';
import { createProgram } from '../../src/commands/program.js';
import { serveOptions } from '../../src/commands/serve.js';
import { setOptions } from '../../src/commands/set.js';
import { waitOptions } from '../../src/commands/wait.js';
import { watchOptions } from '../../src/commands/watch.js';
import { givenListeners, lineOptions } from '../../src/listeners/given.js';

type Invocation =
  | { command: 'help'; topic?: string }
  | { command: 'version' }
  | { command: 'serve'; options: ReturnType<typeof serveOptions> & { listeners: ReturnType<typeof givenListeners> } }
  | { command: 'monitor'; options: ReturnType<typeof monitorOptions> }
  | { command: 'certs'; options: ReturnType<typeof certsOptions> }
  | { command: 'init'; options: ReturnType<typeof initOptions> }
  | { command: 'import'; options: ReturnType<typeof importOptions> }
  | { command: 'export'; options: ReturnType<typeof exportOptions> }
  | { command: 'print'; options: ReturnType<typeof printOptions> }
  | { command: 'get'; options: ReturnType<typeof getOptions> }
  | { command: 'set'; options: ReturnType<typeof setOptions> }
  | { command: 'watch'; options: ReturnType<typeof watchOptions> }
  | { command: 'wait'; options: ReturnType<typeof waitOptions> }
  | { command: 'fault'; options: ReturnType<typeof faultOptions> };

/** What a command line asks for; nothing of it is done. @throws UsageError */
export function parseInvocation(argv: string[]): Invocation {
  let asked: Invocation | undefined;
  let printed = '';
  const program = createProgram((text) => {
    printed += text;
  });
  for (const command of program.commands) {
    if (command.name() === 'serve') {
      command.action(() => {
        asked = { command: 'serve', options: { ...serveOptions(command), listeners: givenListeners(command) } };
      });
    }
    if (command.name() === 'monitor') {
      command.action(() => {
        asked = { command: 'monitor', options: monitorOptions(command, lineOptions) };
      });
    }
    if (command.name() === 'certs') {
      command.action(() => {
        asked = { command: 'certs', options: certsOptions(command) };
      });
    }
  }
  const others = {
    init: (command: Command) => ({ command: 'init', options: initOptions(command) }) as const,
    import: (command: Command) => ({ command: 'import', options: importOptions(command) }) as const,
    export: (command: Command) => ({ command: 'export', options: exportOptions(command) }) as const,
    print: (command: Command) => ({ command: 'print', options: printOptions(command) }) as const,
    get: (command: Command) => ({ command: 'get', options: getOptions(command) }) as const,
    set: (command: Command) => ({ command: 'set', options: setOptions(command) }) as const,
    watch: (command: Command) => ({ command: 'watch', options: watchOptions(command) }) as const,
    wait: (command: Command) => ({ command: 'wait', options: waitOptions(command) }) as const,
    fault: (command: Command) => ({ command: 'fault', options: faultOptions(command) }) as const,
  };
  for (const [name, read] of Object.entries(others)) {
    const command = program.commands.find((each) => each.name() === name);
    command?.action(() => {
      asked = read(command);
    });
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
  }
  return asked ?? fromOutput(printed);
}

function fromOutput(printed: string): Invocation {
  if (/^\d+\.\d+\.\d+\n$/.test(printed)) return { command: 'version' };
  const [, topic] = /^Usage: busbar (\w*)/.exec(printed) ?? [];
  if (topic === undefined) throw new Error(`neither help nor a version: ${printed}`);
  return topic === '' ? { command: 'help' } : { command: 'help', topic };
}
