export { CaptureFile, type CaptureFileOptions } from './capture-file.js';
export { type CapturedServer, captureMonitor, captureServer, type StopCapture } from './captures.js';
export { decodeReply } from './decode-reply.js';
export { decodeRequest } from './decode-request.js';
export { describeReply, describeRequest } from './describe.js';
export type { FileGroup, IdentityObject, PduFacts } from './facts.js';
export {
  type BusFrame,
  BusMonitor,
  type BusMonitorEvents,
  type BusMonitorOptions,
  type BusNoise,
} from './monitor.js';
export type { CapturedPacket, Endpoint } from './pcapng.js';
