import os
import queue

import library

print(queue)
if os.fork() == 0:
    library.work()
    os._exit(0)
