export default { unit: {} };
