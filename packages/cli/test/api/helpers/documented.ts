import { readFileSync } from 'node:fs';
import { API_PATH, type Route, routes } from '../../../src/api/contract.js';
import { EXAMPLES, type Example } from '../../../src/api/examples.js';

/** An example with its route. */
export interface Documented {
  readonly id: string;
  readonly route: Route;
  readonly example: Example;
}

/** All of them, in their order. */
export const DOCUMENTED: readonly Documented[] = Object.entries(EXAMPLES).flatMap(([id, examples]) =>
  examples.map((example) => ({ id, route: routes[id as keyof typeof EXAMPLES], example })),
);

export const PAGE = readFileSync(new URL('../../../../../docs/api.md', import.meta.url), 'utf8');

/** The path of an example, with its query. */
export function pathOf({ route, example: { params = {}, query = {} } }: Documented): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''));
  const text = Object.entries(query).map(([key, value]) => `${key}=${value}`);
  return `${path}${text.length === 0 ? '' : `?${text.join('&')}`}`;
}

/** A command and what it prints, as the page has it. */
export function blockOf(documented: Documented): string {
  const { route, example } = documented;
  const usual = example.body === undefined ? 'get' : 'post';
  const method = route.method === usual ? '' : ` -X ${route.method.toUpperCase()}`;
  const path = pathOf(documented);
  const url = `127.0.0.1:8502${API_PATH}${path === '/' ? '' : path}`;
  const body = example.body === undefined ? '' : ` --json '${JSON.stringify(example.body)}'`;
  const quoted = url.includes('&') ? `'${url}'` : url;
  const answer = example.answer === undefined ? '' : `${inLines(example.answer)}\n`;
  return `\`\`\`console\n$ curl${method} ${quoted}${body}\n${answer}\`\`\`\n`;
}

const WIDTH = 110;

/** JSON, with as much on each line as there is room for. */
function inLines(value: unknown, indent = '', key = ''): string {
  const line = key + spaced(value);
  if (indent.length + line.length < WIDTH || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => inLines(item, deeper))
    : Object.entries(value).map(([name, item]) => inLines(item, deeper, `"${name}": `));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${key}${open}\n${filled(items, deeper)}\n${indent}${close}`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `"${key}": ${spaced(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function filled(items: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const [i, item] of items.entries()) {
    const text = i < items.length - 1 ? `${item},` : item;
    const last = lines.at(-1);
    const fits = last !== undefined && !last.includes('\n') && !item.includes('\n');
    if (fits && last.length + text.length < WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(indent + text);
  }
  return lines.join('\n');
}
