"""What the peers share: threads set after the imports, one JSON line at the end."""
import argparse
import json
import sys
import time

import numpy


def arguments(description):
    """--threads N: the best configuration, with N threads; 0: as people usually write it, nothing set."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('--threads', type=int, default=0)
    return parser


def set_threads(threads):
    """After the imports: importing torch can leave OpenMP at one thread, scikit-learn's too."""
    if not threads:
        return
    import threadpoolctl
    threadpoolctl.threadpool_limits(threads)
    if 'torch' in sys.modules:
        sys.modules['torch'].set_num_threads(threads)


def points_in_memory(path):
    return numpy.ascontiguousarray(numpy.load(path), dtype=numpy.float32)


class Timer:
    def __enter__(self):
        self.started = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.started


def say(**values):
    print(json.dumps(values), flush=True)
