"""KL divergence of embeddings of the same points: one set of affinities, all pairs summed in float64.

The affinities are scikit-learn's own: `nearest`, between 3·perplexity + 1 neighbors, as its Barnes-Hut method and latentgrid
use; or `all`, between all pairs, as its exact method. q_ij ∝ (1 + d²/ν)^(-(ν + 1)/2), ν = max(dim - 1, 1).
"""
import numpy
from scipy.sparse import coo_matrix
from scipy.spatial.distance import squareform
from sklearn.manifold import _t_sne
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from common import arguments, points_in_memory, say, set_threads


def affinities(points, perplexity, which):
    if which == 'all':
        distances = pairwise_distances(points, squared=True).astype(numpy.float32)
        return coo_matrix(squareform(_t_sne._joint_probabilities(distances, perplexity, verbose=0)))
    neighbors = min(len(points) - 1, int(3 * perplexity + 1))
    graph = NearestNeighbors(n_neighbors=neighbors).fit(points).kneighbors_graph(mode='distance')
    graph.data **= 2
    return _t_sne._joint_probabilities_nn(graph, perplexity, verbose=0).tocoo()


def similarity(squared, freedom):
    return (1 + squared / freedom) ** (-(freedom + 1) / 2)


def total_similarity(y, freedom, rows=500):
    norms = (y * y).sum(1)
    total = 0.0
    for start in range(0, len(y), rows):
        block = y[start:start + rows]
        squared = numpy.maximum(norms[start:start + rows, None] + norms[None] - 2 * block @ y.T, 0)
        total += similarity(squared, freedom).sum() - len(block)  # less a point's similarity to itself, 1
    return total


def divergence(p, y):
    freedom = max(y.shape[1] - 1, 1)
    differences = y[p.row] - y[p.col]
    q = similarity((differences * differences).sum(1), freedom) / total_similarity(y - y.mean(0), freedom)
    return float(numpy.sum(p.data * numpy.log(p.data / numpy.maximum(q, 1e-300))))


def main():
    parser = arguments(__doc__)
    parser.add_argument('points')
    parser.add_argument('embeddings', nargs='+')
    parser.add_argument('--perplexity', type=float, default=30)
    parser.add_argument('--affinities', choices=['nearest', 'all'], default='nearest')
    a = parser.parse_args()
    set_threads(a.threads)
    p = affinities(points_in_memory(a.points), a.perplexity, a.affinities)
    p.data = p.data.astype(numpy.float64)
    p.data /= p.data.sum()
    p.row, p.col, p.data = p.row[p.data > 0], p.col[p.data > 0], p.data[p.data > 0]
    say(kl=[divergence(p, numpy.load(name).astype(numpy.float64)) for name in a.embeddings])


if __name__ == '__main__':
    main()
