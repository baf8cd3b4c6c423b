import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/load.js';
import { Source } from '../src/config/source.js';
import { Certificates } from './helpers/certificates.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const root = new URL('../../../', import.meta.url);
const page = (name: string) => readFileSync(new URL(`docs/${name}.md`, root), 'utf8');
const examplesOf = (text: string) => [...text.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(([, text]) => text);
const docExamples = ['config', 'keeping'].flatMap((name) => examplesOf(page(name)));
/** The page of the config, and those that explain parts of it. */
const docs = ['config', 'simulating', 'faults'].map(page).join('\n');
const sampleFiles = readdirSync(new URL('examples/', root)).filter((name) => /\.(ya?ml|json)$/.test(name));

const { stdout, code } = await busbar(['serve', '--print-schema']);
const schema: Record<string, unknown> = JSON.parse(stdout);

/** With the files that examples name. */
const folder = folderWith({ 'busbar.token': 'a-token-of-this-test\n' });
new Certificates(folder.path).revocationList();
afterAll(() => folder[Symbol.dispose]());

/** The command checks dates by their pattern, too. */
const formats = { 'date-time': true } as const;

type Node = Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every key that the schema describes, with the schema of its value. */
function keysOf(node: unknown): [key: string, value: Node][] {
  if (!isNode(node)) return [];
  const own = isNode(node.properties) && !('const' in node) ? Object.entries(node.properties) : [];
  const deeper = Object.entries(node).filter(([key]) => key !== 'if' && key !== 'enum' && key !== 'default');
  const found = own.filter((entry): entry is [string, Node] => isNode(entry[1]) && !('const' in entry[1]));
  return [...found, ...deeper.flatMap(([, value]) => keysOf(value))];
}

describe('the printed schema', () => {
  test('is a valid schema of draft-07 that a strict validator takes', () => {
    expect(code).toBe(0);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, formats });
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  test('has a title and a description for every key', () => {
    const keys = keysOf(schema);
    expect(keys.length).toBeGreaterThan(50);
    for (const [key, value] of keys) {
      expect(value, key).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  });

  test('takes the samples and every example of the documentation', () => {
    const validate = new Ajv({ allowUnionTypes: true, formats }).compile(schema);
    const texts = [
      ...docExamples,
      ...sampleFiles.map((name) => readFileSync(new URL(`examples/${name}`, root), 'utf8')),
    ];
    for (const text of texts) {
      const { value } = new Source(text, 'example');
      expect(validate(value), `${text}\n${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  test('takes variables in place of numbers and words, and keys for anchors', () => {
    const validate = new Ajv({ allowUnionTypes: true, formats }).compile(schema);
    const [variable, word] = ['PORT:-5020', 'WORD'].map((name) => `$\{${name}}`);
    const listener = { type: 'tcp', port: variable, framing: word, reusePort: word };
    expect(validate({ 'x-a': 1, listen: [listener], units: [{ id: variable, shared: word }] })).toBe(true);
    expect(validate({ units: [{ id: 'PORT' }] })).toBe(false);
  });

  test('lets keys be numbers, which editors do not take for texts', () => {
    const typed = JSON.stringify(schema).match(/"propertyNames":\{"type"/g);
    expect(typed).toBeNull();
    expect(stdout).toContain('"propertyNames": {');
  });

  test('refuses what the command refuses', () => {
    const validate = new Ajv({ allowUnionTypes: true, formats }).compile(schema);
    for (const config of [{}, { units: [] }, { units: [{ id: 1, nmae: 'x' }] }, { units: [{ id: 256 }] }]) {
      expect(validate(config)).toBe(false);
    }
    const at = 'holding 0';
    for (const point of [
      {},
      { at, tyep: 'int16' },
      { at, type: 'float' },
      { at, order: 'ABDC' },
      { at, labels: { a: 'off' } },
      { at, simulate: { sin: {} } },
      { at, simulate: { sine: { from: 1, to: 2, period: 5 } } },
    ]) {
      expect(validate({ units: [{ id: 1, points: { flow: point } }] }), JSON.stringify(point)).toBe(false);
    }
  });
});

describe('the documentation of the config', () => {
  test('has examples that all work', () => {
    expect(docExamples.length).toBeGreaterThan(10);
    for (const text of docExamples) expect(() => parseConfig(text, join(folder.path, 'example'))).not.toThrow();
  });

  test('explains every key and shows it in an example', () => {
    const spans = [...docs.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span).join('\n');
    // Short examples stand in tables.
    const examples = [...examplesOf(docs), spans].join('\n');
    const keys = [...new Set(keysOf(schema).map(([name]) => name))];
    const isIn = (text: string, key: string, after: string) =>
      new RegExp(`(^|[^\\w$])${key.replace('$', '\\$')}${after}`, 'm').test(text);
    expect(keys.filter((key) => !isIn(spans, key, '(?!\\w)'))).toEqual([]);
    expect(keys.filter((key) => !isIn(examples, key, ':'))).toEqual([]);
  });
});

test('the samples are accepted', () => {
  expect(sampleFiles).toEqual(['boiler.yaml', 'listeners.yaml', 'secure.yaml']);
  for (const name of sampleFiles) {
    const text = readFileSync(new URL(`examples/${name}`, root), 'utf8');
    expect(() => parseConfig(text, join(folder.path, name))).not.toThrow();
  }
});
