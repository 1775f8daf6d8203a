import os

import ourlib

ourlib.serve()
if os.fork() == 0:
    print("child")
    os._exit(0)
