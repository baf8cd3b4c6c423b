"""Records what pymodbus' own simulator answers for a setup: what each address of each table of each device holds.

It needs a pymodbus with the simulator (3.1 or newer, with its extra "simulator"), which Debian 12 does not have. So the
answers are kept in fixtures/pymodbus-simulator.json, which this makes:
    python3 clients/pymodbus_simulator.py fixtures/pymodbus-setup.json > fixtures/pymodbus-simulator.json
Coils and inputs are digits, registers are in hex; "-" stands where reading is refused.
"""

import asyncio
import json
import sys
import tempfile

import pymodbus
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.server import ModbusSimulatorServer

PORT = 15020
BIT_TABLES = {"coils": ("read_coils", "co size"), "discreteInputs": ("read_discrete_inputs", "di size")}
REGISTER_TABLES = {
    "holdingRegisters": ("read_holding_registers", "hr size"),
    "inputRegisters": ("read_input_registers", "ir size"),
}


async def answers(setup_file, name, sizes):
    simulator = ModbusSimulatorServer(
        modbus_device=name, json_file=setup_file, http_host="127.0.0.1", http_port=PORT + 1
    )
    await simulator.run_forever(only_start=True)
    client = AsyncModbusTcpClient("127.0.0.1", port=PORT)
    await client.connect()
    tables = {}
    for table, (call, size) in BIT_TABLES.items():
        bits = [await bit(getattr(client, call), address) for address in range(16 * sizes[size])]
        tables[table] = "".join(bits)
    for table, (call, size) in REGISTER_TABLES.items():
        registers = [await register(getattr(client, call), address) for address in range(sizes[size])]
        tables[table] = " ".join(registers)
    client.close()
    await simulator.stop()
    return tables


async def bit(call, address):
    reply = await call(address, count=1)
    return "-" if reply.isError() else str(int(reply.bits[0]))


async def register(call, address):
    reply = await call(address, count=1)
    return "-" if reply.isError() else f"{reply.registers[0]:04x}"


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    setup["server_list"]["server"]["port"] = PORT
    devices = {}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as copy:
        json.dump(setup, copy)
        copy.flush()
        for name, device in setup["device_list"].items():
            devices[name] = await answers(copy.name, name, device["setup"])
    print(json.dumps({"pymodbus": pymodbus.__version__, "devices": devices}, indent=2))


asyncio.run(main())
