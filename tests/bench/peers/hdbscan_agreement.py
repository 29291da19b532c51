"""Adjusted Rand indices of HDBSCAN's labels and those that the paper's rules choose from R's hierarchy; not timed.

R's dbscan builds the same hierarchy and selects by the same excess of mass, but for the points of a part that is too small to be a cluster: with Campello,
Moulavi and Sander (2013), as in scikit-learn, they are noise from the height on where the part comes off, while R counts them in the cluster
until each of them is alone, which makes stable what has such parts. --as-r answers by R's rule, which gives R's own labels."""
import numpy
from sklearn.metrics import adjusted_rand_score

from common import arguments, say


class Selection:
    def __init__(self, tree, size, as_r):
        self.tree, self.size, self.as_r = tree, size, as_r
        self.points = len(tree) + 1
        self.sizes = numpy.ones(self.points + len(tree), dtype=int)
        for step, (left, right, _) in enumerate(tree):
            self.sizes[self.points + step] = self.sizes[left] + self.sizes[right]
        self.parent, self.birth, self.death, self.fallen = [-1], [0.0], [None], [[]]  # of the clusters; `fallen`: lambdas of points
        self.owner = numpy.zeros(len(self.sizes), dtype=int)
        self.falls = numpy.full(len(self.sizes), -1.0)  # lambda at which a part came off

    def labels(self):
        for step in range(len(self.tree) - 1, -1, -1):
            self.visit(self.points + step, *self.tree[step])
        chosen = self.chosen()
        above = [-1] * len(self.parent)
        for cluster in range(1, len(self.parent)):
            above[cluster] = above[self.parent[cluster]]
            if above[cluster] < 0 and chosen[cluster]:
                above[cluster] = cluster
        return numpy.array(above)[self.owner[:self.points]]

    def visit(self, node, left, right, height):
        owner, fell = self.owner[node], self.falls[node]
        large = [child for child in (left, right) if self.sizes[child] >= self.size]
        if len(large) == 2:
            self.death[owner] = 1 / height
        for child in (left, right):
            if len(large) == 2:
                self.owner[child] = len(self.parent)
                self.parent.append(owner)
                self.birth.append(1 / height)
                self.death.append(None)
                self.fallen.append([])
                self.fallen[owner] += [1 / height] * int(self.sizes[child])
                continue
            self.owner[child] = owner
            self.falls[child] = fell if fell >= 0 else 1 / height if child not in large and not self.as_r else -1
            if child < self.points:
                self.fallen[owner].append(self.falls[child] if self.falls[child] >= 0 else 1 / height)

    def chosen(self):
        below, chosen = numpy.zeros(len(self.parent)), [False] * len(self.parent)
        for cluster in range(len(self.parent) - 1, 0, -1):
            last = numpy.inf if self.death[cluster] is None else self.death[cluster]
            stability = (numpy.minimum(self.fallen[cluster], last) - self.birth[cluster]).sum()
            chosen[cluster] = not below[cluster] > stability
            below[self.parent[cluster]] += max(stability, below[cluster])
        return chosen


parser = arguments(__doc__)
parser.add_argument('tree', help="of hdbscan.py: the parts that a step merges, and its height")
parser.add_argument('labels', nargs='+')
parser.add_argument('--min-points', type=int, default=5)
parser.add_argument('--as-r', action='store_true')
a = parser.parse_args()
tree = [(int(left), int(right), height) for left, right, height in numpy.load(a.tree)]
expected = Selection(tree, a.min_points, a.as_r).labels()
say(agreement=[adjusted_rand_score(expected, numpy.load(file)) for file in a.labels], clusters=len(set(expected) - {-1}))
