import { ModbusException } from 'busbar';

const refuse = ({ address }) => {
  throw new ModbusException(address);
};

/** The unit of the conformance suite whose every register refuses with its own address as the exception code. */
export default { units: { 3: { holdingRegisters: { read: refuse, write: refuse } } } };
