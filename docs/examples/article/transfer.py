"""One GiB of uint8 goes to a worker process as an argument: it is pickled, copied through a pipe and unpickled."""

import multiprocessing

import numpy as np


def total(array):
    return int(array.sum())


if __name__ == "__main__":
    array = np.ones((1024, 1024, 1024), dtype=np.uint8)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(total, (array,)))
