"""sklearn.decomposition.PCA of points in memory with its default solver; times fit_transform."""
from sklearn.decomposition import PCA

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--dim', type=int, default=64)
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points)
model = PCA(a.dim, random_state=0)
with Timer() as timer:
    model.fit_transform(points)
say(seconds=timer.seconds, quality={'explained variance': float(model.explained_variance_ratio_.sum(dtype='f8'))},
    note=f'solver {model._fit_svd_solver}')
