"""The sum of squared distances to the clusters' means, of clusterings; not timed."""
import numpy

from common import arguments, points_in_memory, say

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('clusterings', nargs='+')
a = parser.parse_args()
points = points_in_memory(a.points).astype(numpy.float64)


def inertia(labels):
    groups = (points[labels == cluster] for cluster in numpy.unique(labels))
    return sum(float(((group - group.mean(0)) ** 2).sum()) for group in groups)


say(inertia=[inertia(numpy.load(file)) for file in a.clusterings])
