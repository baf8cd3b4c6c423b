import { Command } from 'commander';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { version } from '../ground/version.js';
import { addCerts } from './certs.js';
import { addExport } from './export.js';
import { addFault } from './fault.js';
import { addGet } from './get.js';
import { addHelp } from './help.js';
import { addImport } from './import.js';
import { addInit } from './init.js';
import { addMonitor } from './monitor.js';
import { addPrint } from './print.js';
import { addServe } from './serve.js';
import { addSet } from './set.js';
import { refuseUnknown } from './unknown.js';
import { addWait } from './wait.js';
import { addWatch } from './watch.js';

/** In the order of the help. */
const COMMANDS = [
  ...[addServe, addInit, addImport, addExport, addPrint],
  ...[addGet, addSet, addWatch, addWait, addFault],
  ...[addMonitor, addCerts, addHelp],
];

/** The command `busbar`, ready to parse. @param write takes the output of help and version. */
export function createProgram(write: (text: string) => void): Command {
  const program = new Command('busbar')
    .description('Busbar serves Modbus devices.')
    .usage('<command> [options]')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => title.replace('Global Options', 'Of every command'),
      optionTerm: ({ flags }) => flags.replace(/[[\]]/g, ''),
      optionDescription: ({ description }) => description,
    })
    .configureOutput({ writeOut: write })
    .exitOverride()
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', '\nTry: busbar serve --tcp 127.0.0.1:5020');
  for (const add of COMMANDS) add(program);
  return program
    .action(() => refuseCommand(program))
    .hook('preAction', (_, command) => refuseUnknown(command, program));
}

function refuseCommand({ args, commands }: Command): void {
  const [word] = args;
  if (word === undefined) throw new UsageError('a command is missing: busbar serve');
  const names = commands.map((command) => command.name());
  throw new UsageError(`unknown command "${word}"${didYouMean(word, names)}`);
}
