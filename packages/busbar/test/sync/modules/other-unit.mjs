export default { units: { 7: {} } };
