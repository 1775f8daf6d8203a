import os
import queue

print(queue)
if os.fork() == 0:
    print("child")
    os._exit(0)
