import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument, root } from '../../../../interop/helpers/document.js';

const DOCUMENTS = ['.', 'docs', 'bench', 'packages/busbar', 'packages/simulator', 'packages/cli'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** A document without its fenced blocks. */
function proseOf(file: string): string {
  return readDocument(file).replaceAll(/^```.*?^```$/gms, '');
}

/** The anchors of a document's headings, as forges make them. */
function anchorsOf(file: string): string[] {
  const titles = [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase());
  return titles.map((title) => title.replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-'));
}

test.each(DOCUMENTS)('every link of %s within the project leads somewhere', (file) => {
  for (const [link, path, anchor] of proseOf(file).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
    const target = path === '' ? file : join(dirname(file), path);
    expect(existsSync(join(root, target)), link).toBe(true);
    if (anchor !== '') expect(anchorsOf(target), link).toContain(anchor);
  }
});
