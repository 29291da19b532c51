"""sklearn.cluster.AgglomerativeClustering (ward) of points in memory; times fit of one k."""
import numpy
from sklearn.cluster import AgglomerativeClustering

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--k', type=int, required=True)
parser.add_argument('--out', required=True, help='a .npy file for the labels')
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points)
model = AgglomerativeClustering(a.k)
with Timer() as timer:
    model.fit(points)
numpy.save(a.out, model.labels_.astype(numpy.int32))
say(seconds=timer.seconds, files=[a.out])
