export default { authorize: () => true };
