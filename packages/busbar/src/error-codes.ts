// Every code that an error of Busbar can have. Programs compare with them, so a code is never changed and never reused.

export const DATA_ERROR_CODES = ['ADDRESS_OUTSIDE_TABLE', 'INVALID_VALUE', 'NOT_IN_MEMORY'] as const;
export type DataErrorCode = (typeof DATA_ERROR_CODES)[number];

export const STATE_ERROR_CODES = [
  'ALREADY_LISTENING',
  'NOT_LISTENING',
  'UNIT_ID_TAKEN',
  'UNIT_SHARED',
  'UNIT_BACKED',
  'UNIT_LOCKED',
  'SERVER_THREAD_NOT_STARTED',
  'SERVER_THREAD_ENDED',
  'SERVER_THREAD_SILENT',
  'NOT_IN_THREAD',
  'STORAGE_IN_USE',
  'STORAGE_CLOSED',
] as const;
export type StateErrorCode = (typeof STATE_ERROR_CODES)[number];

export const LISTEN_ERROR_CODES = [
  // The system's.
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAI_AGAIN',
  'EBUSY',
  'EINVAL',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOBUFS',
  'ENODEV',
  'ENOENT',
  'ENOMEM',
  'ENOSPC',
  'ENOTDIR',
  'ENOTFOUND',
  'ENOTSUP',
  'ENOTTY',
  'EPERM',
  'EROFS',
  // Busbar's own.
  'LISTEN_FAILED',
  'INVALID_OPTION',
  'HANDLER_FAILED',
  'HANDLER_TIMEOUT',
  'SERIALPORT_MISSING',
  'SERIALPORT_UNUSABLE',
  'PORT_CLOSED',
  'RTS_FAILED',
  'OPEN_FAILED',
] as const;
export type ListenErrorCode = (typeof LISTEN_ERROR_CODES)[number];

export const CONNECTION_ERROR_CODES = [
  'INVALID_FRAME',
  'FRAME_TIMEOUT',
  'IDLE_TIMEOUT',
  'CONNECTION_LIMIT',
  'DISCONNECTED',
  'SERVER_CLOSED',
  'HANDLER_FAILED',
  'HANDLER_TIMEOUT',
  'NO_CERTIFICATE',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_WEAK',
  'CERTIFICATE_REFUSED',
  'SERVER_CERTIFICATE_REFUSED',
  'PROTOCOL_VERSION',
  'NO_SHARED_CIPHER',
  'NOT_TLS',
  'HANDSHAKE_TIMEOUT',
  'HANDSHAKE_FAILED',
  'CONNECTION_CLOSED',
] as const;
export type ConnectionErrorCode = (typeof CONNECTION_ERROR_CODES)[number];

export const SHARING_ERROR_CODES = [
  'REDIS_UNREACHABLE',
  'REDIS_REFUSED',
  'REDIS_TOO_OLD',
  'REDIS_AWAY',
  'REPLICAS_MISSING',
  'IMAGE_FORMAT',
  'IMAGE_LAYOUT',
  'IMAGE_CLOSED',
  'UNIT_TOO_LARGE',
  'UNIT_NOT_SHARED',
  'CHANGE_REFUSED',
] as const;
export type SharingErrorCode = (typeof SHARING_ERROR_CODES)[number];

export const HANDLER_ERROR_CODES = ['HANDLER_FAILED', 'HANDLER_TIMEOUT', 'HANDLER_ANSWER'] as const;
export type HandlerErrorCode = (typeof HANDLER_ERROR_CODES)[number];

export const STORAGE_ERROR_CODES = [
  'STORE_FOREIGN',
  'STORE_CORRUPT',
  'STORE_LOCKED',
  'STORE_VERSION',
  'STORE_FAILED',
] as const;
export type StorageErrorCode = (typeof STORAGE_ERROR_CODES)[number];

/** Codes of warnings, which are of the class `BusbarError` itself. */
export const WARNING_CODES = [
  'CLIENT_CERTIFICATE_NOT_REQUIRED',
  'PRIVATE_KEY_READABLE',
  'ROLE_UNREADABLE',
  'SERVER_PORT',
  'CERTIFICATE_EXPIRES',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** The system's codes for having no file descriptor, or no memory, for another connection. */
export const SHORTAGE_CODES = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'] as const;
export type ShortageCode = (typeof SHORTAGE_CODES)[number];

/** The code of any error of Busbar. */
export type BusbarErrorCode =
  | 'MODBUS_EXCEPTION'
  | DataErrorCode
  | StateErrorCode
  | ListenErrorCode
  | ConnectionErrorCode
  | HandlerErrorCode
  | StorageErrorCode
  | SharingErrorCode
  | WarningCode
  | ShortageCode;

/** Whether a list of codes has this one. */
export function isOneOf<Code extends string>(codes: readonly Code[], code: unknown): code is Code {
  return codes.some((each) => each === code);
}
