import os
import threading
import unseen

def work():
    unseen.run()


threading.Thread(target=work).start()
pid = os.fork()
if pid == 0:
    print("child")
