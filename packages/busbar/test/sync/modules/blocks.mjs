export default { units: { 1: { inputRegisters: [{ start: 0, count: 1 }] } } };
