#!/usr/bin/python3
"""Writes sklearn_answers.json beside this script: small inputs and what scikit-learn 1.2.1 and SciPy 1.10 (Debian 12) answer.

Run it only to add answers; the tests compare with the file that is kept.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn, _kl_divergence
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler
from scipy.spatial.distance import squareform

rng = np.random.default_rng(20240229)


def floats(a):
    """Float32 values as decimal numbers that read back as the same bits."""
    return np.asarray(a, np.float32).astype(np.float64).tolist()


def pca():
    X = (rng.standard_normal((40, 7)) @ rng.standard_normal((7, 7)) + 3).astype(np.float32)
    model = PCA(svd_solver='full').fit(X.astype(np.float64))
    V = model.components_ * np.sign(model.components_[np.arange(7), np.abs(model.components_).argmax(1)])[:, None]
    return {'points': floats(X), 'components': V.tolist(), 'embedding': ((X - model.mean_) @ V.T).tolist(),
            'explained_variance': model.explained_variance_.tolist(),
            'explained_variance_ratio': model.explained_variance_ratio_.tolist()}


def neighbors_and_affinities():
    X = rng.standard_normal((50, 11)).astype(np.float32)
    perplexity, k = 5.0, 16
    distances, indices = NearestNeighbors(n_neighbors=k).fit(X.astype(np.float64)).kneighbors()
    graph = csr_matrix(((distances ** 2).ravel(), indices.ravel(), np.arange(0, 50 * k + 1, k)), shape=(50, 50))
    P = _joint_probabilities_nn(graph, perplexity, 0).toarray()
    kl = []
    # scikit-learn's gradient is that of its divergence for one degree of freedom alone, that is, in 1 and 2 dimensions.
    Y = rng.standard_normal((50, 2)).astype(np.float32)
    value, gradient = _kl_divergence(Y.astype(np.float64).ravel(), squareform(P, checks=False), 1, 50, 2)
    for dim in (3, 8):
        E = rng.standard_normal((50, dim)).astype(np.float32)
        kl.append({'embedding': floats(E), 'divergence':
                   float(_kl_divergence(E.astype(np.float64).ravel(), squareform(P, checks=False), dim - 1, 50, dim)[0])})
    return {'points': floats(X), 'k': k, 'indices': indices.tolist(), 'squared_distances': (distances ** 2).tolist(),
            'perplexity': perplexity, 'joint_probabilities': P.tolist(),
            'embedding': floats(Y), 'divergence': float(value), 'gradient': gradient.reshape(50, 2).tolist(), 'other_dims': kl}


def trust():
    X = rng.standard_normal((60, 9)).astype(np.float32)
    Y = X[:, :2] + rng.standard_normal((60, 2)).astype(np.float32)
    return {'points': floats(X), 'embedding': floats(Y),
            'by_neighbors': {str(k): trustworthiness(X, Y, n_neighbors=k) for k in (1, 5, 12)}}


def kmeans():
    centers = rng.standard_normal((4, 6)) * 8
    X = (centers[np.arange(120) % 4] + rng.standard_normal((120, 6))).astype(np.float32)
    model = KMeans(4, n_init=10, random_state=0).fit(X.astype(np.float64))
    overlapping = rng.standard_normal((200, 2)).astype(np.float32)
    many = KMeans(5, n_init=200, random_state=0).fit(overlapping.astype(np.float64))
    return {'points': floats(X), 'labels': model.labels_.tolist(), 'inertia': model.inertia_,
            'silhouette': float(silhouette_score(X.astype(np.float64), model.labels_)),
            'overlapping': floats(overlapping), 'overlapping_inertia_k5_n_init_200': many.inertia_}


def partitions():
    out = []
    for n, a, b in ((30, 2, 2), (50, 3, 5), (200, 10, 10), (12, 1, 3), (12, 1, 1), (9, 9, 9)):
        u = np.arange(n) % a if a == n else rng.integers(0, a, n)
        v = np.where(rng.random(n) < 0.5, u % b, rng.integers(0, b, n))
        out.append({'clusters': u.tolist(), 'labels': v.tolist(), 'ari': adjusted_rand_score(v, u),
                    'nmi': normalized_mutual_info_score(v, u)})
    return out


def matchings():
    out = []
    for shape in ((1, 1), (2, 2), (3, 7), (7, 3), (20, 20), (15, 40)):
        W = rng.integers(0, 30, shape)
        r, c = linear_sum_assignment(W, maximize=True)
        out.append({'weights': W.tolist(), 'total': int(W[r, c].sum())})
    return out


def standardize():
    X = (rng.standard_normal((30, 6)) * [1, 1e-3, 1e3, 0, 0, 5] + [0, 1, -7, 4.1, 0, 1e6]).astype(np.float32)
    scaler = StandardScaler().fit(X.astype(np.float64))
    return {'points': floats(X), 'scaled': scaler.transform(X.astype(np.float64)).tolist(), 'mean': scaler.mean_.tolist(),
            'scale': scaler.scale_.tolist()}


def whitened_pca():
    X = (rng.standard_normal((40, 7)) @ rng.standard_normal((7, 7)) + 3).astype(np.float32)
    model = PCA(3, svd_solver='full', whiten=True).fit(X.astype(np.float64))
    signs = np.sign(model.components_[np.arange(3), np.abs(model.components_).argmax(1)])
    return {'points': floats(X), 'embedding': (model.transform(X.astype(np.float64)) * signs).tolist()}


class StartedFrom(GaussianMixture):
    """A mixture whose responsibilities begin with given clusters."""

    def __init__(self, clusters, **options):
        super().__init__(**options)
        self.clusters = clusters

    def _initialize_parameters(self, X, random_state):
        self._initialize(X, np.eye(self.n_components)[self.clusters])


def gaussian_mixtures():
    spreads = rng.standard_normal((3, 4, 4))
    groups = rng.integers(0, 3, 400)
    X = (np.einsum('nij,nj->ni', spreads[groups], rng.standard_normal((400, 4))) + 2 * rng.standard_normal((3, 4))[groups]).astype(np.float32)
    clusters = rng.integers(0, 3, 400)
    out = {'points': floats(X), 'clusters': clusters.tolist()}
    for covariance in ('full', 'tied', 'diag', 'spherical'):
        model = StartedFrom(clusters, n_components=3, covariance_type=covariance, tol=1e-6, max_iter=60)
        found = model.fit_predict(X.astype(np.float64))
        X64 = X.astype(np.float64)
        out[covariance] = {'lower_bound': model.lower_bound_, 'score': model.score(X64), 'bic': model.bic(X64), 'aic': model.aic(X64),
                           'iterations': model.n_iter_, 'converged': bool(model.converged_), 'labels': found.tolist(),
                           'weights': model.weights_.tolist(), 'means': model.means_.tolist()}
    return out


def noise():
    """Clusters of which -1 is noise: scored as a part of its own, and left out."""
    X = rng.standard_normal((60, 3)).astype(np.float32)
    clusters, labels = rng.integers(-1, 3, 60), rng.integers(0, 4, 60)
    inside = clusters >= 0
    return {'points': floats(X), 'clusters': clusters.tolist(), 'labels': labels.tolist(), 'ari': adjusted_rand_score(labels, clusters),
            'nmi': normalized_mutual_info_score(labels, clusters),
            'silhouette_of_all': float(silhouette_score(X.astype(np.float64), clusters)),
            'silhouette_without_noise': float(silhouette_score(X[inside].astype(np.float64), clusters[inside]))}


path = pathlib.Path(__file__).with_name('sklearn_answers.json')
answers = {'pca': pca(), 'neighbors': neighbors_and_affinities(), 'trustworthiness': trust(), 'kmeans': kmeans(),
           'partitions': partitions(), 'matchings': matchings(),
           'standardize': standardize(), 'whitened_pca': whitened_pca(),
           'gaussian_mixtures': gaussian_mixtures(), 'noise': noise()}
path.write_text(json.dumps(answers) + '\n')
