"""The peers' versions, their GPU, and the machine's rate at a float32 product of 2048² matrices."""
import importlib
import re
import subprocess

import numpy
import torch

from common import Timer, arguments, say, set_threads


def version(module):
    """Nothing where it isn't installed: not every row needs it."""
    try:
        return {module: importlib.import_module(module).__version__}
    except ImportError:
        return {}


def driver():
    try:
        asked = ['nvidia-smi', '--query-gpu=driver_version', '--format=csv,noheader']
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip().partition('\n')[0]
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'


def dotted(cudnn):
    """8907 is 8.9.7, 91002 is 9.10.2."""
    major = 1000 if cudnn < 10000 else 10000
    return f'{cudnn // major}.{cudnn % major // 100}.{cudnn % 100}'


def gpu():
    """The one that PyTorch calls cuda; None where it sees none."""
    if not torch.cuda.is_available():
        return None
    properties = torch.cuda.get_device_properties(0)
    return {'name': properties.name, 'memory_gib': round(properties.total_memory / 2**30, 1), 'driver': driver(),
            'cuda': torch.version.cuda, 'cudnn': dotted(torch.backends.cudnn.version() or 0)}


parser = arguments(__doc__)
a = parser.parse_args()
others = {**version('sklearn'), 'numpy': numpy.__version__, **version('scipy')}
set_threads(a.threads)
left, right = torch.rand(2048, 2048), torch.rand(2048, 2048)
rates = []
for _ in range(5):
    with Timer() as timer:
        left @ right
    rates.append(2 * 2048**3 / timer.seconds / 1e9)
others.update(version('optuna'))
with open('/proc/self/maps') as file:
    blas = sorted(set(re.findall(r"/\S*/lib(?:scipy_)?(?:open)?(?:blas|mkl_rt)\S*", file.read())))
say(gemm_gflops=round(sorted(rates)[2]), gpu=gpu(), torch=torch.__version__, **others, blas=blas)
