import os

import pkg

pid = os.fork()
if pid == 0:
    pkg.read()
    os._exit(0)
os.waitpid(pid, 0)
