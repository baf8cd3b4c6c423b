/** The four tables of the Modbus data model (AP, clause 4.3). */
export const TABLE_NAMES = ['coils', 'discreteInputs', 'holdingRegisters', 'inputRegisters'] as const;
export type TableName = (typeof TABLE_NAMES)[number];
export type BitTableName = 'coils' | 'discreteInputs';
export type RegisterTableName = 'holdingRegisters' | 'inputRegisters';
