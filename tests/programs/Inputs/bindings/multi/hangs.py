import os

import _clock

pid = os.fork()
if pid == 0:
    _clock.read()
    os._exit(0)
os.waitpid(pid, 0)
