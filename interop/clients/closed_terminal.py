"""Runs a command on a terminal of its own. Once it serves, SIGHUP has it load its config again, and then the terminal is
closed. Prints the exit code."""

import os
import pty
import signal
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])


def read_until(text: bytes) -> None:
    seen = b""
    while text not in seen:
        seen += os.read(terminal, 4096)


signal.alarm(60)
read_until(b"Ctrl-C stops")
os.kill(pid, signal.SIGHUP)
read_until(b"is loaded again")
os.close(terminal)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status))
