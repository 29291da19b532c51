"""The explained variance ratio that a full decomposition gives: eigenvalues of the covariance in float64."""
import numpy
import scipy.linalg

from common import arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--dim', type=int, default=64)
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points).astype(numpy.float64)
points -= points.mean(0)
scatter = points.T @ points if points.shape[1] <= points.shape[0] else points @ points.T
leading = scipy.linalg.eigh(scatter, eigvals_only=True, subset_by_index=[len(scatter) - a.dim, len(scatter) - 1])
say(explained_variance=float(leading.sum() / scatter.trace()))
