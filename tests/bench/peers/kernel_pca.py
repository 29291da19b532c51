"""sklearn.decomposition.KernelPCA (rbf) of points in memory; times fit_transform. Tuned: the faster of the solvers auto and randomized."""
import numpy
from sklearn.decomposition import KernelPCA

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--dim', type=int, default=200)
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points)

tried = []
for solver in ['randomized', 'auto'] if a.threads else ['auto']:
    model = KernelPCA(a.dim, kernel='rbf', eigen_solver=solver, random_state=0)
    with Timer() as timer:
        model.fit_transform(points)
    tried.append((timer.seconds, solver, float(numpy.sum(model.eigenvalues_, dtype='f8'))))
seconds, solver, total = min(tried)
say(seconds=seconds, quality={'sum of eigenvalues': total}, note=f'solver {solver}')
