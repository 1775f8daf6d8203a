import os

import _worker

_worker.run()
if _worker.fork_openly() == 0:
    os._exit(0)
if _worker.fork_blindly() == 0:
    os._exit(0)
_worker.go_to_background()
