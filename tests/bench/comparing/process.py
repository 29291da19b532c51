"""Children: their wall time, and the peak memory of the largest process below them."""
import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass


class ChildFailed(Exception):
    pass


@dataclass
class Finished:
    seconds: float   # wall time from start to exit
    peak_mib: float  # resident set of the largest process of the tree
    output: str


# What would decide threads, libraries and memory behind our back.
STEERING = ('OMP_', 'GOMP_', 'KMP_', 'OPENBLAS_', 'MKL_', 'BLIS_', 'MALLOC_', 'LD_', 'PYTHON', 'LATENTGRID_', 'FAKE_WORKER_')


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}


def run(command, environment=None):
    """Runs to the end. Raises ChildFailed with the end of what it printed unless it exits with 0."""
    with tempfile.TemporaryFile('w+') as output, tempfile.TemporaryFile('w+') as errors:
        started = time.monotonic()
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                 env=environment)
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.send_signal(signal.SIGTERM)
            child.wait()
            raise
        seconds = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text = output.read()
        if child.returncode != 0:
            said = (errors.read() + text).strip()[-2000:]
            raise ChildFailed(f'{" ".join(map(str, command))}\nended with {child.returncode}:\n{said}')
        return Finished(seconds, usage.ru_maxrss / 1024, text)
