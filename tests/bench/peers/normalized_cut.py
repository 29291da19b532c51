"""The normalized cut (Shi and Malik 2000) of clusterings, in the graph that spectral clustering divides; not timed."""
import numpy
from sklearn.neighbors import kneighbors_graph

from common import arguments, points_in_memory, say

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('clusterings', nargs='+')
parser.add_argument('--neighbors', type=int, default=10)
a = parser.parse_args()
graph = kneighbors_graph(points_in_memory(a.points), a.neighbors, include_self=True)
graph = 0.5 * (graph + graph.T)
degrees = numpy.asarray(graph.sum(1)).ravel()


def cut(labels):
    total = 0.0
    for cluster in numpy.unique(labels):
        inside = (labels == cluster).astype(float)
        volume = degrees @ inside
        total += (volume - inside @ (graph @ inside)) / volume
    return total


say(normalized_cut=[cut(numpy.load(file)) for file in a.clusterings])
