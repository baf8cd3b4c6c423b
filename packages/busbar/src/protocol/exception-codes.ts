/** The exception codes (AP, clause 7). */
export const ExceptionCode = {
  IllegalFunction: 0x01,
  IllegalDataAddress: 0x02,
  IllegalDataValue: 0x03,
  ServerDeviceFailure: 0x04,
  Acknowledge: 0x05,
  ServerDeviceBusy: 0x06,
  NegativeAcknowledge: 0x07,
  MemoryParityError: 0x08,
  GatewayPathUnavailable: 0x0a,
  GatewayTargetDeviceFailedToRespond: 0x0b,
} as const;

export type ExceptionCode = (typeof ExceptionCode)[keyof typeof ExceptionCode];

const NAMES: ReadonlyMap<number, string> = new Map<number, string>([
  [ExceptionCode.IllegalFunction, 'illegal function'],
  [ExceptionCode.IllegalDataAddress, 'illegal data address'],
  [ExceptionCode.IllegalDataValue, 'illegal data value'],
  [ExceptionCode.ServerDeviceFailure, 'server device failure'],
  [ExceptionCode.Acknowledge, 'acknowledge'],
  [ExceptionCode.ServerDeviceBusy, 'server device busy'],
  [ExceptionCode.NegativeAcknowledge, 'negative acknowledge'],
  [ExceptionCode.MemoryParityError, 'memory parity error'],
  [ExceptionCode.GatewayPathUnavailable, 'gateway path unavailable'],
  [ExceptionCode.GatewayTargetDeviceFailedToRespond, 'gateway target device failed to respond'],
]);

/** Undefined for codes that the documents don't have. */
export function exceptionName(exceptionCode: number): string | undefined {
  return NAMES.get(exceptionCode);
}
