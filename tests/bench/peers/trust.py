"""Trustworthiness (15 neighbors) of embeddings, by one function for all; not timed."""
import numpy
from sklearn.neighbors import NearestNeighbors

from common import arguments, points_in_memory, say

MOST = 4000  # points whose neighbors are looked at

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('embeddings', nargs='+')
parser.add_argument('--neighbors', type=int, default=15)
a = parser.parse_args()
points = points_in_memory(a.points).astype(numpy.float64)
n, k = len(points), a.neighbors
looked_at = numpy.random.default_rng(0).permutation(n)[:MOST]
squares = (points ** 2).sum(1)
near = [NearestNeighbors(n_neighbors=k + 1).fit(e := points_in_memory(file)).kneighbors(e[looked_at], return_distance=False) for file in a.embeddings]
penalty = numpy.zeros(len(near))
for row, i in enumerate(looked_at):
    distances = squares - 2 * points @ points[i]
    distances[i] = -numpy.inf
    rank = numpy.empty(n, dtype=numpy.int64)
    rank[numpy.argsort(distances, kind='stable')] = numpy.arange(n)  # 0: itself
    for side, indices in enumerate(near):
        others = indices[row][indices[row] != i][:k]
        penalty[side] += numpy.maximum(rank[others] - k, 0).sum()
say(trustworthiness=(1 - 2 / (len(looked_at) * k * (2 * n - 3 * k - 1)) * penalty).tolist())
