import { ModbusStreamServer, type RequestHandler, StateError, Unit } from 'busbar';
import { expect, test } from 'vitest';

const REQUEST = Buffer.from('000100000006' + '01' + '0300000001', 'hex');
const REPLY = '000100000005' + '01' + '03020014';

const createUnit = () => new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20] }] });

test('hooks serve the datagrams of a stream server: one handler for all peers, connected with the first', async () => {
  const seen: string[] = [];
  const handler: RequestHandler = {
    connected: ({ transport }) => void seen.push(`connected ${transport}`),
    datagram: (bytes, { address }) => void seen.push(`datagram ${bytes.length} ${address}`),
    execute: (request, next) => {
      seen.push(`execute ${request.peer.address}`);
      return next();
    },
    disconnected: ({ transport }, error) => void seen.push(`disconnected ${transport} ${error}`),
  };
  let handlers = 0;
  const count = () => {
    handlers++;
    return handler;
  };
  const server = await new ModbusStreamServer({ units: [createUnit()], name: 'radio', handler: count }).listen();
  expect(handlers).toBe(0);
  for (const address of ['pump 1', 'pump 2']) {
    const reply = await new Promise<Uint8Array>((resolve) => server.datagram(REQUEST, resolve, { address }));
    expect(Buffer.from(reply).toString('hex')).toBe(REPLY);
  }
  await server.close();
  expect(handlers).toBe(1);
  expect(seen).toEqual([
    'connected radio',
    ...['pump 1', 'pump 2'].flatMap((address) => [`datagram 12 ${address}`, `execute ${address}`]),
    'disconnected radio undefined',
  ]);
});

test('a stream server that closes answers the datagrams in progress first, and takes no more', async () => {
  let answer: (values: number[]) => void = () => undefined;
  const values = new Promise<number[]>((resolve) => {
    answer = resolve;
  });
  const slow = new Unit({ id: 1, holdingRegisters: { read: () => values } });
  const server = await new ModbusStreamServer({ units: [slow] }).listen();
  const replies: string[] = [];
  const keep = (reply: Uint8Array) => void replies.push(Buffer.from(reply).toString('hex'));
  server.datagram(REQUEST, keep);
  const closed = server.close();
  expect(() => server.datagram(REQUEST, keep)).toThrow(StateError);
  answer([20]);
  await closed;
  expect(replies).toEqual([REPLY]);
});

test('a stream server serves datagrams again after it was closed', async () => {
  const server = await new ModbusStreamServer({ units: [createUnit()] }).listen();
  await server.close();
  await server.listen();
  const reply = await new Promise<Uint8Array>((resolve) => server.datagram(REQUEST, resolve));
  expect(Buffer.from(reply).toString('hex')).toBe(REPLY);
  await server.close();
});
