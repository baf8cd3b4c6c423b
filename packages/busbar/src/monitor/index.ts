export { CaptureFile, type CaptureFileOptions } from '../capture/capture-file.js';
export { type CapturedServer, captureMonitor, captureServer, type StopCapture } from '../capture/captures.js';
export type { CapturedPacket, Endpoint } from '../capture/pcapng.js';
export { decodeReply } from '../protocol/decode-reply.js';
export { decodeRequest } from '../protocol/decode-request.js';
export { describeReply, describeRequest } from '../protocol/describe.js';
export type { FileGroup, IdentityObject, PduFacts } from '../protocol/facts.js';
export {
  type BusFrame,
  BusMonitor,
  type BusMonitorEvents,
  type BusMonitorOptions,
  type BusNoise,
} from './monitor.js';
