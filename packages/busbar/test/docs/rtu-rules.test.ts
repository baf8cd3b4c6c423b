import { expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';
import { ARRIVAL_RULES } from '../../src/framing/rtu/arrival-rules.js';
import { GAP_RULES } from '../../src/framing/rtu/gap-rules.js';
import { READINGS } from '../../src/framing/rtu/readings.js';
import { SILENCE_RULES } from '../../src/framing/rtu/silence-rules.js';

/** The first column of the table below a heading, without the table's head. */
function namesBelow(heading: string): string[] {
  const [, section = ''] = readDocument('docs/rtu.md').split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| ([^|]+) \|/gm)].map(([, name]) => name ?? '').slice(2);
}

test.each([
  ['How a position reads', READINGS],
  ['While bytes come', ARRIVAL_RULES],
  ['At a gap', GAP_RULES],
  ['When the line is silent', SILENCE_RULES],
])('the page on RTU names, below "%s", what the reader has, in the same order', (heading, rules) => {
  expect(namesBelow(heading)).toEqual(rules.map(({ name }) => name));
});
