import { tcpConnector } from '../helpers/tcp-connector.js';
import { describeSharedMemory } from './describe-shared-memory.js';

describeSharedMemory('Modbus/TCP', tcpConnector);
