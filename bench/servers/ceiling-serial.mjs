// The ceiling on a serial line: node ceiling-serial.mjs PATH. It reads, and answers a chunk that is the one request
// that it knows. What is missing to it is the price of the protocol.
import { SerialPort } from 'serialport';

const request = Buffer.from('010300000002c40b', 'hex');
const reply = Buffer.from('010304000100022a32', 'hex');

const port = new SerialPort({ path: process.argv[2], baudRate: 115_200, parity: 'even' }, (error) => {
  if (error) throw error;
  process.stdout.write('listening\n');
});
port.on('data', (chunk) => {
  if (request.equals(chunk)) port.write(reply);
});
