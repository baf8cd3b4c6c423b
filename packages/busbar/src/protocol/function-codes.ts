/** The public function codes (AP, clause 6). */
export const FunctionCode = {
  ReadCoils: 0x01,
  ReadDiscreteInputs: 0x02,
  ReadHoldingRegisters: 0x03,
  ReadInputRegisters: 0x04,
  WriteSingleCoil: 0x05,
  WriteSingleRegister: 0x06,
  ReadExceptionStatus: 0x07,
  Diagnostics: 0x08,
  GetCommEventCounter: 0x0b,
  GetCommEventLog: 0x0c,
  WriteMultipleCoils: 0x0f,
  WriteMultipleRegisters: 0x10,
  ReportServerId: 0x11,
  ReadFileRecord: 0x14,
  WriteFileRecord: 0x15,
  MaskWriteRegister: 0x16,
  ReadWriteMultipleRegisters: 0x17,
  ReadFifoQueue: 0x18,
  EncapsulatedInterfaceTransport: 0x2b,
} as const;

export type FunctionCode = (typeof FunctionCode)[keyof typeof FunctionCode];

/** Set in the function code of an exception reply (AP, clause 4.1). */
export const EXCEPTION_BIT = 0x80;
