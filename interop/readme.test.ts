import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, type Command, commandsOf, onFreePort, programsOf, readDocument, root } from './helpers/document.js';
import { temporaryFolder } from './helpers/folder.js';
import { LineProcess } from './helpers/lines.js';
import { run } from './helpers/process.js';

/** A program prints less than this before it listens; output without end must not be read for ever. */
const MAX_LINES = 100;

/** The return temperature moves ten times a second. */
const MAX_POLLED = 1000;

const readme = blocksOf('README.md');
const firstProgram = readme.findIndex(({ language }) => language === 'ts');

async function linesUntil(child: LineProcess, found: (line: string) => boolean): Promise<string[]> {
  const lines = [await child.next()];
  while (!found(lines[lines.length - 1])) {
    if (lines.length === MAX_LINES) throw new Error(`not found in ${lines.join('\n')}`);
    lines.push(await child.next());
  }
  return lines;
}

function inOneSpace(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

/** Runs an mbpoll command of a document against `port`, and compares what it is said to print. */
async function expectAsShown({ text, output }: Command, port: string): Promise<void> {
  const [program, ...args] = text.split(' ').map((word) => (word === '5020' ? port : word));
  const { code, stdout, stderr } = await run(program, args);
  const refused = output.some((line) => line.includes('failed'));
  expect({ code, stderr: inOneSpace(stderr) }).toMatchObject({ code: refused ? 1 : 0 });
  const shown = stdout.split('\n').filter((line) => /^\[\d+\]:|^Written /.test(line));
  expect([...shown, ...stderr.split('\n')].map(inOneSpace).filter(Boolean)).toEqual(output.map(inOneSpace));
}

/** Polls with the command of a document, only faster, until a value is another one than at first. */
async function expectToMove({ text, output }: Command, port: string): Promise<void> {
  const args = text
    .replace('5020', port)
    .replace(/-l \d+/, '-l 50')
    .split(' ');
  const client = new LineProcess('stdbuf', ['-oL', ...args]);
  const registers = new Set(output.map((line) => line.split(':', 1)[0]));
  const seen = new Set<string>();
  try {
    for (let line = 0; seen.size <= registers.size; line++) {
      if (line === MAX_POLLED) throw new Error(`nothing moves: ${[...seen]}`);
      const shown = inOneSpace(await client.next());
      if (/^\[\d+\]:/.test(shown)) seen.add(shown);
    }
  } finally {
    await client.end('SIGINT');
  }
  expect(new Set([...seen].map((line) => line.split(':', 1)[0]))).toEqual(registers);
}

/** What moves has another value each time. */
function withoutMoving(line: string): string {
  return line.replace(/(?<= (?:int16|float32) {2,})\S+( \S+ {2,}\S)/, '…$1');
}

describe('the first try of the README', () => {
  const folder = temporaryFolder();
  const config = join(folder.path, 'boiler.yaml');
  let sample: LineProcess;
  let banner: string[];
  let port: string;
  let http: string;

  beforeAll(async () => {
    writeFileSync(config, onFreePort(readDocument('examples/boiler.yaml')));
    const serve = [join(root, 'packages/cli/dist/main.js'), 'serve', '--config', config, '--http', '127.0.0.1:0'];
    sample = new LineProcess(process.execPath, serve);
    banner = await linesUntil(sample, (line) => line === 'Ctrl-C stops');
    port = /tcp 127\.0\.0\.1:(\d+)/.exec(banner.join('\n'))?.[1] ?? '';
    http = /http:\/\/127\.0\.0\.1:(\d+)/.exec(banner.join('\n'))?.[1] ?? '';
  });
  afterAll(async () => {
    await sample?.end('SIGINT');
    folder.remove();
  });

  test('begins with what the sample device says', () => {
    const said = banner.map((line) =>
      line.replace(config, 'examples/boiler.yaml').replace(port, '5020').replace(http, '8502'),
    );
    const shown = readme.find(({ language }) => language === 'text')?.lines;
    expect(said.map(withoutMoving)).toEqual(shown?.map(withoutMoving));
  });

  const commands = readme
    .slice(0, firstProgram)
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf);
  test.each(commands)('goes as shown: $text', async (command) => {
    const polls = / -l \d+ /.test(command.text);
    await (polls ? expectToMove(command, port) : expectAsShown(command, port));
  });

  test('goes over HTTP, too', async () => {
    const all = readme.filter(({ language }) => language === 'console').flatMap(commandsOf);
    expect(all.map(({ text }) => text)).toContain('npx busbar serve --config boiler.yaml --http 127.0.0.1:8502');
    const curl = all.find(({ text }) => text.startsWith('curl ')) ?? { text: '' };
    const [, url = '', body] = /^curl 127\.0\.0\.1:8502(\S+) --json '(.*)' -X PUT$/.exec(curl.text) ?? [];
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${http}${url}`, { method: 'PUT', headers, ...(body && { body }) });
    expect(await response.json()).toMatchObject({ name: 'setpoint', text: '70.0 °C' });
  });
});

describe('a program of the documents', () => {
  const programs = ['README.md', 'docs/library.md', 'docs/points.md']
    .flatMap(programsOf)
    .filter(({ serves }) => serves);

  test.each(programs)(
    'meets mbpoll as shown, and stops on Ctrl-C: $name',
    async ({ source, output, commands, told }) => {
      const child = new LineProcess(process.execPath, ['--input-type=module', '--eval', onFreePort(source)]);
      let code: number | null;
      try {
        const printed = await linesUntil(child, (line) => line.startsWith('listening on port '));
        const port = printed[printed.length - 1].split(' ')[3];
        for (const command of commands.filter(({ text }) => text.startsWith('mbpoll ')))
          await expectAsShown(command, port);
        for (let line = 0; line < told.length; line++) printed.push(await child.next());
        expect(printed.map((line) => line.replace(port, '5020'))).toEqual([...output, ...told]);
      } finally {
        code = await child.end('SIGINT');
      }
      expect({ code, stderr: child.stderr }).toEqual({ code: 0, stderr: '' });
    },
  );
});
