"""pymodbus' asynchronous TCP server over one sequential block, with its logging left off as it is by default."""
import asyncio

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer

REGISTERS = 1000


async def main():
    block = ModbusSequentialDataBlock(0, list(range(1, REGISTERS + 1)))
    context = ModbusServerContext(slaves={1: ModbusSlaveContext(hr=block, zero_mode=True)}, single=False)
    server = ModbusTcpServer(context, address=("127.0.0.1", 0), backlog=128)
    task = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print("listening", server.server.sockets[0].getsockname()[1], flush=True)
    await task


asyncio.run(main())
