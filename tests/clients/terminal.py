"""Runs a program on a terminal of its own and types into it.

Called as: terminal.py STEPS PROGRAM [ARGUMENT ...], STEPS being a JSON array of ["type", text] and
["expect", text]. Each expected text must appear within 10 seconds in what the program has written
since the one before it, colours and cursor movements left out. The end of the steps ends the
program. Prints what was on the screen; ends with 1 when an expectation failed.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

STEPS = json.loads(sys.argv[1])
COLUMNS, ROWS = 200, 50
PATIENCE_SECONDS = 10

pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

written = ""
screen = ""
seen = 0


def read_until(text):
    """Reads until `text` appears after position `seen` of the screen; says whether it did."""
    global written, screen, seen
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := screen.find(text, seen)) < 0:
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            written += os.read(terminal, 65536).decode(errors="replace")
        except OSError:  # The program has ended.
            return False
        screen = CONTROL_SEQUENCE.sub("", written)
    seen = found + len(text)
    return True


failed = None
for action, text in STEPS:
    if action == "type":
        os.write(terminal, text.encode())
    elif not read_until(text):
        failed = text
        break

os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
print(screen)
if failed is not None:
    sys.exit(f"{failed!r} did not appear")
