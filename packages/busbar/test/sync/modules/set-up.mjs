export default { setUp: 5 };
