import type { Command } from 'commander';
import type { AddedFault, Fault } from '../api/contract.js';
import { shown } from '../ground/shown.js';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import type { RemoteClient } from '../remote/client.js';
import { addRemoteSettings, clientOf, EXIT_CODES, JSON_OUT } from './remote.js';
import { addCommand } from './shared.js';

const ACTIONS = ['list', 'on', 'off', 'add', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

const DESCRIPTION =
  'Lists and switches the faults of a device that busbar serve --http serves, adds others and removes them.';

const NOTES = `
Actions:
  list         all faults: which are on, and how many requests they have hit
  on NAME      switch one on
  off NAME     switch one off
  add FAULT    add one, in YAML or JSON with the keys of the config; it is on at
               once, unless it says active: false
  remove NAME  remove one

docs/faults.md has what faults can do, and to which requests.
${EXIT_CODES}

Examples:
  busbar fault list
  busbar fault add '{ name: busy, functions: [6, 16], exception: 6, for: 10s }'
  busbar fault off busy
  busbar fault remove busy`;

/** `busbar fault` */
export function addFault(program: Command): void {
  const command = addCommand(program, 'fault', 'switch faults of a running device');
  command
    .usage(`${ACTIONS.join('|')} [NAME|FAULT] [options]`)
    .description(DESCRIPTION)
    .addHelpText('after', NOTES);
  addRemoteSettings(command);
  command.action(async () => {
    const options = faultOptions(command);
    process.exitCode = await DO[options.action](await clientOf(command), options);
  });
}

/** Reads its words and options. @throws UsageError */
export function faultOptions(command: Command) {
  const [word, what = '', more] = command.args;
  const action = ACTIONS.find((each) => each === word);
  if (word === undefined) throw new UsageError('fault needs an action, such as busbar fault list');
  if (action === undefined)
    throw new UsageError(`fault takes ${ACTIONS.join(', ')}, not "${word}"${didYouMean(word, ACTIONS)}`);
  if (action === 'list' && what !== '') throw new UsageError(`unexpected "${what}": fault list lists all`);
  if (action !== 'list' && what === '') throw new UsageError(`fault ${action} needs ${NEEDED[action]}`);
  if (more !== undefined) throw new UsageError(`unexpected "${more}": what has spaces stands in quotes`);
  return { action, what, json: JSON_OUT.of(command) };
}

const NEEDED = {
  on: 'the name of a fault',
  off: 'the name of a fault',
  remove: 'the name of a fault',
  add: "a fault, such as '{ name: busy, exception: 6 }'",
} satisfies Record<Exclude<Action, 'list'>, string>;

type Options = ReturnType<typeof faultOptions>;

const DO: Readonly<Record<Action, (client: RemoteClient, options: Options) => Promise<number>>> = {
  list,
  on: (client, options) => switched(client, options, true),
  off: (client, options) => switched(client, options, false),
  add,
  remove,
};

async function list(client: RemoteClient, { json }: Options): Promise<number> {
  const { printJson, printLine, printRows } = await import('../remote/remote.js');
  const faults = await client.get<Fault[]>('faults');
  if (json) return await printJson(faults);
  if (faults.length === 0) return await printLine('no faults');
  const { faultRow } = await import('../remote/faults.js');
  return await printRows(faults.map(faultRow));
}

async function switched(client: RemoteClient, { what, json }: Options, active: boolean): Promise<number> {
  return await printed(await client.send<Fault>('PATCH', faultPath(what), { active }), json);
}

async function add(client: RemoteClient, { what, json }: Options): Promise<number> {
  const { parseFault } = await import('../remote/faults.js');
  const fault = await client.send<AddedFault>('POST', 'faults', parseFault(what));
  for (const warning of fault.warnings ?? []) process.stderr.write(`busbar: warning: ${shown(warning)}\n`);
  return await printed(fault, json);
}

async function remove(client: RemoteClient, { what, json }: Options): Promise<number> {
  const { printJson, printLine } = await import('../remote/remote.js');
  await client.send('DELETE', faultPath(what));
  return json ? await printJson({ name: what, removed: true }) : await printLine(`${what} is removed`);
}

async function printed(fault: Fault, json: boolean): Promise<number> {
  const { printJson, printLine } = await import('../remote/remote.js');
  return json ? await printJson(fault) : await printLine(`${fault.name} is ${fault.active ? 'on' : 'off'}`);
}

function faultPath(name: string): string {
  return `faults/${encodeURIComponent(name)}`;
}
