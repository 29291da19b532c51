"""The peers' versions, and the machine's rate at a float32 product of 2048² matrices."""
import re

import numpy
import scipy
import sklearn
import torch

from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
a = parser.parse_args()
set_threads(a.threads)
left, right = torch.rand(2048, 2048), torch.rand(2048, 2048)
rates = []
for _ in range(5):
    with Timer() as timer:
        left @ right
    rates.append(2 * 2048**3 / timer.seconds / 1e9)
try:
    import optuna
    with_optuna = {'optuna': optuna.__version__}
except ImportError:
    with_optuna = {}
with open('/proc/self/maps') as file:
    blas = sorted(set(re.findall(r"/\S*/lib(?:open)?(?:blas|mkl_rt)\S*", file.read())))
say(gemm_gflops=round(sorted(rates)[2]), torch=torch.__version__, sklearn=sklearn.__version__, numpy=numpy.__version__,
    scipy=scipy.__version__, blas=blas, **with_optuna)
