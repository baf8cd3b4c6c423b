export default { units: { 1: { holdingRegisters: { read: () => [] } } } };
