import threading
import time


def chatter():
    while True:
        time.sleep(1)


threading.Thread(target=chatter).start()
