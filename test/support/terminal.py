"""Runs a command in a pseudo terminal of 100 columns.

The first argument is a JSON list of {"expect": text, "type": keys}: the keys are typed in order, each after the terminal
has shown its text. Everything that the terminal receives is copied to stdout. The exit code is that of the command.
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios

COLUMNS = 100
ROWS = 40

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
seen = ""
while True:
    try:
        received = os.read(terminal, 65536)
    except OSError:
        break
    if not received:
        break
    sys.stdout.buffer.write(received)
    seen += received.decode("utf-8", "replace")
    if steps and steps[0]["expect"] in seen:
        step = steps.pop(0)
        seen = ""
        os.write(terminal, step["type"].encode())
sys.stdout.flush()
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
