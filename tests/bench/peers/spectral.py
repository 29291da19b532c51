"""sklearn.cluster.SpectralClustering on the graph of nearest neighbors, of points in memory; times fit. Tuned: the faster of the solvers that converge."""
import warnings

import numpy
from sklearn.cluster import SpectralClustering

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--k', type=int, required=True)
parser.add_argument('--seed', type=int, default=0)
parser.add_argument('--out', required=True, help='a .npy file for the labels')
a = parser.parse_args()
set_threads(a.threads)
warnings.simplefilter('ignore')
points = points_in_memory(a.points)
model = SpectralClustering(a.k, affinity='nearest_neighbors', n_neighbors=10, random_state=a.seed, n_jobs=a.threads or None)
with Timer() as timer:
    model.fit(points)
numpy.save(a.out, model.labels_.astype(numpy.int32))
say(seconds=timer.seconds, files=[a.out])
