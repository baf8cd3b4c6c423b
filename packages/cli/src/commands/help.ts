import type { Command } from 'commander';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { addCommand } from './shared.js';

/** `busbar help [command]` */
export function addHelp(program: Command): void {
  const help = addCommand(program, 'help', 'explain a command').argument('[command]');
  help.action((topic: string | undefined) => {
    const [, more] = help.args;
    if (more !== undefined) throw new UsageError(`unexpected "${more}" after help ${topic}`);
    explained(program, topic).outputHelp();
  });
}

function explained(program: Command, topic: string | undefined): Command {
  if (topic === undefined || topic === 'help') return program;
  const found = program.commands.find((command) => command.name() === topic);
  if (found !== undefined) return found;
  const names = program.commands.map((command) => command.name());
  throw new UsageError(`no help on "${topic}"${didYouMean(topic, names)}`);
}
