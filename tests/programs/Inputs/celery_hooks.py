import threading
import time

from celery import Celery
from celery.signals import worker_init, worker_process_init

app = Celery("app")


def flush():
    while True:
        time.sleep(1)


@worker_process_init.connect
def in_worker(**kwargs):
    threading.Thread(target=flush, daemon=True).start()


@worker_init.connect(weak=False)
def in_master(**kwargs):
    threading.Thread(target=flush, daemon=True).start()
