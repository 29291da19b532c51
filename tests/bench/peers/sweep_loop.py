"""The first report's grid as a Python loop: train, encode, reduce, k-means, accuracy. A whole process.

--cache: trains and encodes once a latent dimension instead of once a job.
"""
import numpy
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from autoencoder import Autoencoder
from common import accuracy, arguments, read_labels, say, set_threads, tsne_iterations


def main():
    parser = arguments(__doc__)
    parser.add_argument('images')
    parser.add_argument('labels')
    parser.add_argument('--latents', type=int, nargs='+', default=[32, 64, 128])
    parser.add_argument('--pca', type=int, nargs='+', default=[8, 16, 64])
    parser.add_argument('--tsne-iterations', type=int, default=1000)
    parser.add_argument('--epochs', type=int, default=2)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--cache', action='store_true')
    a = parser.parse_args()
    set_threads(a.threads)
    images = numpy.load(a.images)
    labels = read_labels(a.labels, len(images))
    errors, accuracies = [], []

    def encoded(latent):
        model = Autoencoder(images, a.seed, latent, tuned=a.threads > 0)
        model.train(a.epochs)
        latents, error = model.encode()
        errors.append(error)
        return latents

    for latent in a.latents:
        points = None
        for dim in [*(d for d in a.pca if d <= latent), 'tsne']:
            if points is None or not a.cache:
                points = encoded(latent)
            if dim == 'tsne':
                reduced = TSNE(2, **tsne_iterations(TSNE, a.tsne_iterations), init='pca', learning_rate='auto', random_state=a.seed,
                               n_jobs=a.threads or None).fit_transform(points)
            else:
                reduced = PCA(dim, random_state=a.seed).fit_transform(points)
            clusters = KMeans(labels.max() + 1, n_init=10, random_state=a.seed).fit_predict(reduced)
            accuracies.append(accuracy(clusters, labels))
    say(quality={'MSE': float(numpy.mean(errors)), 'accuracy': float(numpy.mean(accuracies))},
        note=f'{torch.get_num_threads()} threads, {len(errors)} trainings, {len(accuracies)} jobs')


main()
