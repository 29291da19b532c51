"""sklearn.mixture.GaussianMixture of points in memory; times fit. Tuned: the faster of float32 and float64."""
import warnings

import numpy
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--k', type=int, required=True)
parser.add_argument('--covariance', default='full')
parser.add_argument('--iterations', type=int, required=True, help='exactly so many, from a k-means of one start')
parser.add_argument('--seed', type=int, default=0)
a = parser.parse_args()
set_threads(a.threads)
warnings.simplefilter('ignore', ConvergenceWarning)
points = points_in_memory(a.points)

tried = []
for dtype in [numpy.float32, numpy.float64] if a.threads else [numpy.float32]:
    given = points.astype(dtype)
    model = GaussianMixture(a.k, covariance_type=a.covariance, tol=0, max_iter=a.iterations, random_state=a.seed)
    with Timer() as timer:
        model.fit(given)
    tried.append((timer.seconds, given.dtype.name, float(model.score(points.astype(numpy.float64)))))
seconds, dtype, score = min(tried)
say(seconds=seconds, quality={'log-likelihood': score}, note=dtype)
