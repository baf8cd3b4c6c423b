import type { VectorTable } from '../vector.js';
import { readFifoQueue } from './fifo.js';
import { readFileRecord, writeFileRecord } from './file-records.js';
import { readDeviceIdentification } from './identification.js';
import { maskWriteRegister } from './mask-write.js';
import { readCoils, readDiscreteInputs } from './read-bits.js';
import { readHoldingRegisters, readInputRegisters } from './read-registers.js';
import { readWriteMultipleRegisters } from './read-write-registers.js';
import {
  diagnostics,
  getCommEventCounter,
  getCommEventLog,
  readExceptionStatus,
  reportServerId,
} from './serial-line.js';
import { writeMultipleCoils } from './write-coils.js';
import { writeMultipleRegisters } from './write-registers.js';
import { writeSingleCoil, writeSingleRegister } from './write-single.js';

/** One table per function code, in the codes' order. */
export const TABLES: VectorTable[] = [
  readCoils,
  readDiscreteInputs,
  readHoldingRegisters,
  readInputRegisters,
  writeSingleCoil,
  writeSingleRegister,
  readExceptionStatus,
  diagnostics,
  getCommEventCounter,
  getCommEventLog,
  writeMultipleCoils,
  writeMultipleRegisters,
  reportServerId,
  readFileRecord,
  writeFileRecord,
  maskWriteRegister,
  readWriteMultipleRegisters,
  readFifoQueue,
  readDeviceIdentification,
];
