"""A class's grid as a Python loop: reductions of given latents × clusterings × k, and the accuracy of each. A whole process.

--cache: each reduction is computed once, and one tree of Ward serves every k (scikit-learn's `memory`), instead of all anew for each job.
Tuned: kernel PCA by the randomized solver, k-means by elkan, UMAP unseeded in all threads.
"""
import tempfile
import warnings

import numpy
from sklearn.cluster import AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.decomposition import PCA, KernelPCA
from sklearn.manifold import TSNE
from sklearn.mixture import GaussianMixture
from umap import UMAP

from common import accuracy, arguments, points_in_memory, read_labels, say, set_threads, tsne_iterations


def reductions(a):
    tuned = a.threads > 0
    yield 'none', lambda points: points
    for whiten in (False, True):
        yield f'pca whiten={whiten}', lambda points, w=whiten: PCA(a.pca, whiten=w, random_state=a.seed).fit_transform(points)
    for dim in a.kernel_pca:
        yield f'kernel_pca {dim}', lambda points, d=dim: KernelPCA(
            d, kernel='rbf', eigen_solver='randomized' if tuned else 'auto', random_state=a.seed).fit_transform(points)
    yield 'umap', lambda points: UMAP(random_state=None if tuned else a.seed).fit_transform(points)
    for iterations in a.tsne_iterations:
        yield f'tsne {iterations}', lambda points, n=iterations: TSNE(
            2, **tsne_iterations(TSNE, n), init='pca', learning_rate='auto', random_state=a.seed, n_jobs=a.threads or None).fit_transform(points)


def clusterings(a, memory):
    yield lambda k: KMeans(k, n_init=10, random_state=a.seed, algorithm='elkan' if a.threads else 'lloyd')
    yield lambda k: GaussianMixture(k, random_state=a.seed)
    yield lambda k: SpectralClustering(k, affinity='nearest_neighbors', n_neighbors=10, random_state=a.seed, n_jobs=a.threads or None)
    yield lambda k: AgglomerativeClustering(k, linkage='ward', memory=memory, compute_full_tree=True if memory else 'auto')


def main():
    parser = arguments(__doc__)
    parser.add_argument('points')
    parser.add_argument('labels')
    parser.add_argument('--pca', type=int, required=True)
    parser.add_argument('--kernel-pca', type=int, nargs='+', required=True)
    parser.add_argument('--tsne-iterations', type=int, nargs='+', required=True)
    parser.add_argument('--k', type=int, nargs='+', required=True)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--cache', action='store_true')
    a = parser.parse_args()
    set_threads(a.threads)
    warnings.simplefilter('ignore')
    points = points_in_memory(a.points)
    labels = read_labels(a.labels, len(points))
    accuracies = []
    with tempfile.TemporaryDirectory() as folder:
        for _, reduce in reductions(a):
            reduced = None
            for cluster in clusterings(a, folder if a.cache else None):
                for k in a.k:
                    if reduced is None or not a.cache:
                        reduced = reduce(points)
                    accuracies.append(accuracy(cluster(k).fit_predict(reduced), labels))
    say(quality={'accuracy': float(numpy.mean(accuracies))}, note=f'{len(accuracies)} jobs')


main()
