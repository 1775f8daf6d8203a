import multiprocessing

import _counter

if __name__ == "__main__":
    _counter.start()
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_counter.read)
    child.start()
    child.join()
    _counter.stop()
