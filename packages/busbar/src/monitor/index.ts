export { CaptureFile, type CaptureFileOptions } from '../capture/capture-file.js';
export {
  type CapturedServer,
  captureFrames,
  captureMonitor,
  captureServer,
  type KeptFrame,
  type StopCapture,
} from '../capture/captures.js';
export type { CapturedPacket, Endpoint } from '../capture/pcapng.js';
export { decodeReply, decodeRequest } from '../protocol/decode.js';
export { describeReply, describeRequest } from '../protocol/describe.js';
export type { FileGroup, IdentityObject, PduFacts } from '../protocol/facts.js';
export type { ReplyFacts, RequestFacts } from '../protocol/sheets.js';
export {
  type BusFrame,
  BusMonitor,
  type BusMonitorEvents,
  type BusMonitorOptions,
  type BusNoise,
} from './monitor.js';
