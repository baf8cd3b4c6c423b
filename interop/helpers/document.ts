import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a document. */
export interface Block {
  language: string;
  /** The lines between the fences. */
  lines: string[];
  /** Line of the document on which the block begins, counted from 1. */
  line: number;
}

/** A command that a document shows, and what it says that the command prints. */
export interface Command {
  text: string;
  output: string[];
}

/** A program that a document shows, with all that the document says of it. */
export interface Program {
  /** Where it begins, as `docs/library.md:17`. */
  name: string;
  source: string;
  /** What it prints by itself: the comments behind `console.log`, or, if it ends by itself, the text below it. */
  output: string[];
  /** What clients do to it. */
  commands: Command[];
  /** What it prints of them. */
  told: string[];
  /** It serves until it is interrupted. */
  serves: boolean;
}

export function readDocument(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}

export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of readDocument(file).split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open !== undefined && line === '```') {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (fence) open = { language: fence[1], lines: [], line: index + 1 };
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block is not closed`);
  return blocks;
}

/** The programs of a document. A block that doesn't begin with an import goes on with the one before it. */
export function programsOf(file: string): Program[] {
  const programs: Program[] = [];
  for (const block of blocksOf(file)) {
    const last = programs.at(-1);
    if (block.language === 'ts' || block.language === 'js') {
      if (block.lines[0]?.startsWith('import ') || last === undefined) programs.push(begin(file, block));
      else add(last, block);
    } else if (last !== undefined && block.language === 'console') last.commands.push(...commandsOf(block));
    else if (last !== undefined && block.language === 'text')
      (last.serves ? last.told : last.output).push(...block.lines);
  }
  return programs;
}

function begin(file: string, block: Block): Program {
  const program = { name: `${file}:${block.line}`, source: '', output: [], commands: [], told: [], serves: false };
  add(program, block);
  return program;
}

function add(program: Program, { lines }: Block): void {
  program.source += `${lines.join('\n')}\n`;
  program.serves ||= lines.some((line) => line.includes("'SIGINT'"));
  for (const line of lines) {
    const comment = /console\.log\(.*\); \/\/ (.*)$/.exec(line);
    if (comment) program.output.push(comment[1]);
  }
}

/** The commands of a console block: lines that begin with `$`, each with its output below. */
export function commandsOf({ lines }: Block): Command[] {
  const commands: Command[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) commands.push({ text: line.slice(2), output: [] });
    else if (line !== '') commands.at(-1)?.output.push(line);
  }
  return commands;
}

/** Every port that a document names stands for one that the system chooses. */
export function onFreePort(text: string): string {
  return text.replaceAll(/\bport: 5020\b/g, 'port: 0');
}
