export { decodeReply, decodeRequest } from './decode.js';
export { describeReply, describeRequest } from './describe.js';
export { encodeReply, encodeRequest, type ReplyFields, type RequestFields } from './encode.js';
export { ExceptionCode } from './exception-codes.js';
export type { FileGroup, IdentityObject, PduFacts } from './facts.js';
export { FunctionCode } from './function-codes.js';
export { type RequestedRange, requestedRanges } from './ranges.js';
export { formatAddresses } from './references.js';
export type { ReplyFacts, RequestFacts } from './sheets.js';
