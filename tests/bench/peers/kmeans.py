"""sklearn.cluster.KMeans of points in memory; times fit. Tuned: the faster of its two algorithms."""
from sklearn.cluster import KMeans

from common import Timer, arguments, points_in_memory, say, set_threads

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--k', type=int, required=True)
parser.add_argument('--n-init', type=int, default=10)
parser.add_argument('--seed', type=int, default=0)
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points)

tried = []
for algorithm in ['lloyd', 'elkan'] if a.threads else ['lloyd']:
    model = KMeans(a.k, n_init=a.n_init, random_state=a.seed, algorithm=algorithm)
    with Timer() as timer:
        model.fit(points)
    tried.append((timer.seconds, algorithm, float(model.inertia_)))
seconds, algorithm, inertia = min(tried)
say(seconds=seconds, quality={'inertia': inertia}, note=f'algorithm {algorithm}')
