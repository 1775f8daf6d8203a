"""exits.py STATUS COMMAND...: succeeds when COMMAND ends with exactly that exit status."""

import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
status = subprocess.run(command).returncode
if status != expected:
    print(f"exits.py: exit status {status}, expected {expected}: {' '.join(command)}", file=sys.stderr)
sys.exit(status != expected)
