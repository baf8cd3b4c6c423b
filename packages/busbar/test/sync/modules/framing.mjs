import { barePdu } from '../../../../../examples/bare-pdu-tls.mjs';

export default { framing: barePdu };
