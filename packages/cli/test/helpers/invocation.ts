import { CommanderError } from 'commander';
import { certsOptions } from '../../src/commands/certs.js';
import { monitorOptions } from '../../src/commands/monitor.js';
import { createProgram } from '../../src/commands/program.js';
import { serveOptions } from '../../src/commands/serve.js';
import { givenListeners, lineOptions } from '../../src/listeners/given.js';

type Invocation =
  | { command: 'help'; topic?: string }
  | { command: 'version' }
  | { command: 'serve'; options: ReturnType<typeof serveOptions> & { listeners: ReturnType<typeof givenListeners> } }
  | { command: 'monitor'; options: ReturnType<typeof monitorOptions> }
  | { command: 'certs'; options: ReturnType<typeof certsOptions> };

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
