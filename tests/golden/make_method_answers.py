#!/usr/bin/python3
"""Writes method_answers.json beside this script: small real points and what scikit-learn 1.2.1 (Debian 12) makes of them.

Argument: the folder of cifar_scene (trainX.npy), of which 40 images become 4 x 4 grey means. Run it only to add answers; the
tests compare with the file that is kept.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
from sklearn.cluster import spectral_clustering
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.decomposition import FastICA, KernelPCA
from sklearn.manifold import SpectralEmbedding
from sklearn.neighbors import kneighbors_graph
from sklearn.preprocessing import normalize

warnings.filterwarnings('ignore')
rng = np.random.default_rng(20240229)


def rounded(a, digits=7):
    return [[float(f'%.{digits}g' % v) for v in row] for row in np.atleast_2d(a)]


def scene(folder):
    images = np.load(folder / 'trainX.npy')[:40].astype(np.float64)
    grey = images.mean(axis=-1) if images.shape[-1] == 3 else images.mean(axis=1)
    return grey.reshape(40, 4, 8, 4, 8).mean(axis=(2, 4)) / 255


def points(folder):
    wine = load_wine().data[::5]
    # Pixels of the middle, each with a weight of its own: no two distances are equal, and no column is constant.
    digits = load_digits().data[::45, 18:46] / 16 * (1 + np.arange(28) / 100)
    sets = {'iris': load_iris().data[::3], 'wine': (wine - wine.mean(0)) / wine.std(0), 'digits': digits, 'scene': scene(folder).reshape(40, 16)}
    return {name: np.round(x, 4).astype(np.float32).astype(np.float64) for name, x in sets.items()}


def kernel_pca(X):
    answers = {}
    for kernel in ('linear', 'rbf', 'poly', 'sigmoid', 'cosine'):
        model = KernelPCA(4, kernel=kernel, eigen_solver='dense')
        Y = model.fit_transform(X)
        answers[kernel] = {'eigenvalues': model.eigenvalues_.tolist(), 'embedding': rounded(Y[:8, :3])}
    return answers


class Fixed(np.random.RandomState):
    """Draws 7 where discretize draws its first row."""

    def randint(self, *_, **__):
        return 7


def graph(X):
    A = kneighbors_graph(X, 10, include_self=True)
    return 0.5 * (A + A.T)


def spectral(X):
    return {how: spectral_clustering(graph(X), n_clusters=3, assign_labels=how, random_state=Fixed(0) if how == 'discretize' else 0).tolist()
            for how in ('kmeans', 'discretize', 'cluster_qr')}


def laplacian_eigenmaps(X):
    model = SpectralEmbedding(3, affinity='nearest_neighbors', n_neighbors=10, random_state=0)
    return rounded(model.fit_transform(X))


def fast_ica(X):
    answers = []
    for algorithm in ('parallel', 'deflation'):
        for fun in ('logcosh', 'exp', 'cube'):
            first = rng.standard_normal((3, 3))
            model = FastICA(3, algorithm=algorithm, fun=fun, w_init=first, whiten='unit-variance', max_iter=400)
            Y = model.fit_transform(X)
            near = model.fit_transform(X + 1e-6 * rng.standard_normal(X.shape))
            if model.n_iter_ < 150 and np.abs(near - Y).max() < 1e-3:  # what depends on the last digits is not compared
                answers.append({'algorithm': algorithm, 'fun': fun, 'first': first.tolist(), 'iterations': int(model.n_iter_), 'embedding': rounded(Y[:8])})
    return answers


sets = points(pathlib.Path(sys.argv[1]))
answers = {'points': {name: rounded(X) for name, X in sets.items()}}
for part in (kernel_pca, spectral, laplacian_eigenmaps, fast_ica):
    answers[part.__name__] = {name: part(X) for name, X in sets.items()}
answers['normalize'] = rounded(normalize(sets['wine'])[:8])
path = pathlib.Path(__file__).with_name('method_answers.json')
path.write_text('{\n' + ',\n'.join(f'"{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in answers.items()) + '\n}\n')
