"""sklearn.manifold.TSNE of points in memory, one fit an iteration count; times fit_transform."""
import numpy
from sklearn.manifold import TSNE

from common import Timer, arguments, points_in_memory, say, set_threads, tsne_iterations

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--dim', type=int, default=2)
parser.add_argument('--iterations', type=int, nargs='+', default=[1000])
parser.add_argument('--out', required=True, help='prefix of the embeddings\' files')
a = parser.parse_args()
set_threads(a.threads)
points = points_in_memory(a.points)

seconds, files, done = [], [], []
for iterations in a.iterations:
    # init='pca' and learning_rate='auto' are 1.2's defaults; 4 dimensions and more need the exact method.
    model = TSNE(a.dim, **tsne_iterations(TSNE, iterations), init='pca', learning_rate='auto', random_state=0,
                 n_jobs=a.threads or None, method='barnes_hut' if a.dim < 4 else 'exact')
    with Timer() as timer:
        embedding = model.fit_transform(points)
    seconds.append(timer.seconds)
    done.append(min(int(model.n_iter_) + 1, iterations))  # n_iter_ is the index of the last one, or of the next
    files.append(f'{a.out}-{iterations}.npy')
    numpy.save(files[-1], embedding)
say(seconds=sum(seconds), each=seconds, files=files, note=f'iterations done: {", ".join(map(str, done))}')
