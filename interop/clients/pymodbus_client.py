"""A pymodbus client that is told what to do, a line of JSON a time, and answers each with a line of JSON.

Usage: pymodbus_client.py HOST PORT, or for a serial line pymodbus_client.py rtu|ascii PATH, or for the framings that are
pymodbus' own pymodbus_client.py binary PORT and pymodbus_client.py tls PORT CERTFILE KEYFILE CAFILE
In:  {"call": NAME of a method of the client} or {"request": NAME of a request class}, with "arguments": {...} and, where
     it is not 1, "unit"; "fields" names what to report of the reply, "timeout" how many seconds to wait for it.
     "decode": {"kind": "32bit_float", "byteorder": ">", "wordorder": "<"} has pymodbus' own decoder read the registers.
Out: {"pdu": the reply as it came, in hex, FIELD: value, ...}, {"exception": code} or {"error": text}
Bytes are hex strings on both sides, as {"hex": "00ff"}; a list of file records is given as {"fileRecords": [{...}]},
registers that pymodbus' own encoder makes as {"payload": {"kind": ..., "value": ..., "byteorder": ..., "wordorder": ...}}.
"""
import asyncio
import json
import ssl
import sys

from pymodbus import diag_message, file_message, mei_message, other_message, register_read_message
from pymodbus.client import AsyncModbusTlsClient, ModbusSerialClient, ModbusTcpClient
from pymodbus.factory import ClientDecoder
from pymodbus.payload import BinaryPayloadBuilder, BinaryPayloadDecoder
from pymodbus.pdu import ExceptionResponse
from pymodbus.transaction import ModbusAsciiFramer, ModbusBinaryFramer, ModbusRtuFramer

MODULES = (diag_message, file_message, mei_message, other_message, register_read_message)
TIMEOUT = 5
# These two pass their keywords on to the request, which calls the unit by pymodbus' older name.
UNIT_BY_OLD_NAME = ("mask_write_register", "readwrite_registers")


class RecordingDecoder(ClientDecoder):
    """Keeps the last reply as it came, for those that pymodbus decodes only in part."""

    last = b""

    def decode(self, message):
        self.last = bytes(message)
        return super().decode(message)


def settled(loop, result):
    """What a method of a client returned, or what it will, where the client is an asynchronous one."""
    return loop.run_until_complete(result) if asyncio.iscoroutine(result) else result


def request_class(name):
    for module in MODULES:
        if hasattr(module, name):
            return getattr(module, name)
    raise LookupError(f"pymodbus has no {name}")


def payload(kind, value, **orders):
    """Registers that hold a value."""
    builder = BinaryPayloadBuilder(**orders)
    getattr(builder, f"add_{kind}")(value)
    return builder.to_registers()


def decoded(registers, kind, size=None, **orders):
    """The value that registers hold, as text: JSON has no whole numbers of 64 bits."""
    decode = getattr(BinaryPayloadDecoder.fromRegisters(registers, **orders), f"decode_{kind}")
    value = decode() if size is None else decode(size).decode()
    return str(value)


def from_json(value):
    if isinstance(value, dict) and list(value) == ["hex"]:
        return bytes.fromhex(value["hex"])
    if isinstance(value, dict) and list(value) == ["fileRecords"]:
        return [file_message.FileRecord(**from_json(record)) for record in value["fileRecords"]]
    if isinstance(value, dict) and list(value) == ["payload"]:
        return payload(**value["payload"])
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value


def to_json(value):
    if isinstance(value, (bytes, bytearray)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, file_message.FileRecord):
        return {"length": value.record_length, "data": to_json(value.record_data)}
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def perform(client, command):
    arguments = from_json(command.get("arguments", {}))
    unit = command.get("unit", 1)
    if command.get("call") in UNIT_BY_OLD_NAME:
        return getattr(client, command["call"])(unit=unit, **arguments)
    if "call" in command:
        return getattr(client, command["call"])(slave=unit, **arguments)
    return client.execute(request_class(command["request"])(unit=unit, **arguments))


def answer(client, decoder, command, loop):
    decoder.last = b""
    reply = settled(loop, perform(client, command))
    if isinstance(reply, ExceptionResponse):
        return {"exception": reply.exception_code, "function": reply.original_code}
    if reply.isError():
        return {"error": str(reply)}
    fields = {name: to_json(getattr(reply, name)) for name in command.get("fields", [])}
    if "decode" in command:
        fields["value"] = decoded(reply.registers, **command["decode"])
    return {"pdu": decoder.last.hex(), **fields}


def tls_context(certfile, keyfile, cafile):
    context = ssl.create_default_context(cafile=cafile)
    context.load_cert_chain(certfile, keyfile)
    return context


def create_client(kind, place, *files):
    options = {"timeout": TIMEOUT, "retries": 0, "close_comm_on_error": False}
    # A pseudo-terminal has no parity, and Linux refuses to be asked for it twice.
    if kind == "rtu":
        return ModbusSerialClient(place, framer=ModbusRtuFramer, baudrate=19200, parity="N", **options)
    if kind == "ascii":
        return ModbusSerialClient(place, framer=ModbusAsciiFramer, baudrate=19200, parity="N", **options)
    if kind == "binary":
        return ModbusTcpClient("127.0.0.1", port=int(place), framer=ModbusBinaryFramer, **options)
    if kind == "tls":
        # The synchronous client can't read exceptions without a header, nor TLS 1.3.
        return AsyncModbusTlsClient("localhost", port=int(place), sslctx=tls_context(*files), **options)
    return ModbusTcpClient(kind, port=int(place), **options)


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    client = create_client(*sys.argv[1:])
    decoder = RecordingDecoder()
    if not settled(loop, client.connect()):
        sys.exit("no connection")
    getattr(client, "protocol", client).framer.decoder = decoder
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        client.params.timeout = command.get("timeout", TIMEOUT)
        try:
            result = answer(client, decoder, command, loop)
        except Exception as exc:  # the test shows it
            result = {"error": f"{type(exc).__name__}: {exc}"}
        print(json.dumps(result), flush=True)
    settled(loop, client.close())


main()
