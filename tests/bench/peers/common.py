"""What the peers share: threads set after the imports, one JSON line at the end."""
import argparse
import gzip
import importlib.util
import inspect
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
    if importlib.util.find_spec('threadpoolctl'):  # scikit-learn brings it
        import threadpoolctl
        threadpoolctl.threadpool_limits(threads)
    if 'torch' in sys.modules:
        sys.modules['torch'].set_num_threads(threads)


def points_in_memory(path):
    return numpy.ascontiguousarray(numpy.load(path), dtype=numpy.float32)


def read_labels(path, count):
    if path.endswith('.gz'):
        with gzip.open(path) as file:
            return numpy.frombuffer(file.read(), numpy.uint8, offset=8)[:count].astype(int)
    return numpy.load(path)[:count].astype(int)


def accuracy(clusters, labels):
    from scipy.optimize import linear_sum_assignment
    counts = numpy.zeros((max(clusters.max(), labels.max()) + 1,) * 2, int)
    numpy.add.at(counts, (clusters, labels), 1)
    return counts[linear_sum_assignment(-counts)].sum() / len(labels)


def tsne_iterations(kind, count):
    """TSNE's argument for them, whose name changed in scikit-learn 1.5."""
    return {'max_iter' if 'max_iter' in inspect.signature(kind).parameters else 'n_iter': count}


class Timer:
    def __enter__(self):
        self.started = time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.started


def say(**values):
    print(json.dumps(values), flush=True)
