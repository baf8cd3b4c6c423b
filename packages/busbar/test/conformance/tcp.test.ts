import { tcpConnector } from '../helpers/tcp-connector.js';
import { describeConformance } from './describe-conformance.js';

describeConformance('Modbus/TCP', tcpConnector);
