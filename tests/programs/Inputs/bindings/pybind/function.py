import os

import engine

engine.add_in_background()
pid = os.fork()
if pid == 0:
    engine.total()
    os._exit(0)
os.waitpid(pid, 0)
