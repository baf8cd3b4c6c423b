"""A pymodbus server of one unit, for RTU on a serial line.

Usage: pymodbus_serial_server.py PATH BAUD UNIT VALUE...; the values are those of its holding registers, from 0 on
Prints "ready" when it serves, and ends with its input.
"""
import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncSerialServer
from pymodbus.transaction import ModbusRtuFramer


def create_context(unit, values):
    block = ModbusSequentialDataBlock(0, values)
    return ModbusServerContext({unit: ModbusSlaveContext(hr=block, zero_mode=True)}, single=False)


async def main(path, *numbers):
    baud, unit, *values = map(int, numbers)
    server = await StartAsyncSerialServer(
        create_context(unit, values),
        framer=ModbusRtuFramer,
        port=path,
        baudrate=baud,
        parity="N",  # a pseudo-terminal has none
        ignore_missing_slaves=True,
        broadcast_enable=True,
        defer_start=True,
    )
    await server.start()
    if server.transport is None:  # pymodbus tells this to its log only
        sys.exit("no connection")
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(*sys.argv[1:]))
