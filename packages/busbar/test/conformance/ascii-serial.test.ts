import { afterAll, beforeAll } from 'vitest';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { ptyConnector } from '../helpers/pty-connector.js';
import { describeConformance } from './describe-conformance.js';

let pair: PtyPair;
beforeAll(async () => {
  pair = await createPtyPair();
});
afterAll(() => pair?.remove());

describeConformance(
  'ASCII on a serial line',
  ptyConnector('ascii', () => pair),
);
