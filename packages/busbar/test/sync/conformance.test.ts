import { vi } from 'vitest';
import { describeConformance } from '../conformance/describe-conformance.js';
import { describeSharedMemory } from '../conformance/describe-shared-memory.js';
import { syncConnector } from '../helpers/sync-connector.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

describeConformance('the synchronous TCP server', syncConnector);
describeSharedMemory('the synchronous TCP server', syncConnector);
