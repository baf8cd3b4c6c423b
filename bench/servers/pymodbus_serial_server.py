"""pymodbus' asynchronous server on a serial line: pymodbus_serial_server.py PATH"""
import asyncio
import logging
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer

REGISTERS = 1000


async def main(path):
    # Without a handler, Python prints errors, and there is one for nearly every chunk of rubbish: that is not to be measured.
    logging.getLogger("pymodbus").addHandler(logging.NullHandler())
    block = ModbusSequentialDataBlock(0, list(range(1, REGISTERS + 1)))
    context = ModbusServerContext(slaves={1: ModbusSlaveContext(hr=block, zero_mode=True)}, single=False)
    # Without parity: pyserial cannot set it on a pseudo-terminal, where it has no meaning anyway.
    server = ModbusSerialServer(context, port=path, baudrate=115200, ignore_missing_slaves=True)
    await server.start()
    print("listening", flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1]))
