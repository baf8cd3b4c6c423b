/** Largest PDU: function code and data (AP, clause 4.1). */
export const MAX_PDU_LENGTH = 253;
/**
 * Longest request that is refused rather than taken for rubbish, if its byte count tells where it ends: clients write
 * 125 registers.
 */
export const MAX_REFUSABLE_LENGTH = 259;
/** Addresses are 0..65535 in every table. */
export const ADDRESS_COUNT = 0x10000;

/** Quantities per request (AP, clauses 6.1–6.17). */
export const MAX_READ_BITS = 2000;
export const MAX_READ_REGISTERS = 125;
export const MAX_WRITE_BITS = 1968;
export const MAX_WRITE_REGISTERS = 123;
/** Function 17 (AP, clause 6.17) writes less, since its header is longer. */
export const MAX_READ_WRITE_REGISTERS = 121;

/** A FIFO queue gives at most this many registers in one reply (AP, clause 6.18). */
export const MAX_FIFO_COUNT = 31;
/** Files are numbered 1..65535, their records 0..9999 (AP, clause 6.14). */
export const MAX_FILE_NUMBER = 0xffff;
export const MAX_RECORD_NUMBER = 0x270f;
/** Events that the communication event log keeps (AP, clause 6.10). */
export const MAX_EVENTS = 64;
