#!/usr/bin/env python3
"""Writes umap_answers.json: what umap-learn 0.5.3 (Debian 12's python3-umap) says of small data sets of scikit-learn.

    tests/golden/make_umap_answers.py    # some minutes

graphs: fuzzy simplicial sets, row by row, of exact neighbors. curves: a and b. eigenvalues: the smallest of the normalized Laplacian, by
scipy, dense. layouts: of 60 seeds, the mean and the standard error of trustworthiness and of the share of 15 nearest neighbors that are kept.
"""
import json
import warnings
from pathlib import Path

import numpy
import scipy.linalg
import umap
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

warnings.simplefilter('ignore')
SEEDS = 60
NEIGHBORS = 15


def scaled(points):
    points = points - points.mean(0)
    return points / numpy.where(points.std(0) > 0, points.std(0), 1)


def rounded(points):
    """As the file has them, float32 of few digits."""
    return numpy.array([[float(f'{value:.5g}') for value in row] for row in points], dtype=numpy.float32)


def data_sets():
    """Those with equal distances are whole numbers, whose distances have no rounding error."""
    iris, wine = numpy.rint(load_iris().data * 10), numpy.rint(load_wine().data[:, :4] * 100)
    duplicates = numpy.repeat(iris[::5], 3, axis=0)
    apart = numpy.concatenate([wine[:40], wine[60:100] + 10000])
    return {'iris': rounded(iris), 'wine': rounded(scaled(load_wine().data)), 'duplicates': rounded(duplicates),
            'apart': rounded(apart), 'digits': rounded(load_digits().data[:500]), 'cancer': rounded(scaled(load_breast_cancer().data[:300, :10]))}


def exact_neighbors(points, count):
    """Itself first; equally distant ones in the order of their numbers."""
    x = points.astype(numpy.float64)
    squared = ((x[:, None, :] - x[None, :, :]) ** 2).sum(2)
    numpy.fill_diagonal(squared, -1)
    order = numpy.argsort(squared, axis=1, kind='stable')[:, :count]
    return order, numpy.sqrt(numpy.maximum(numpy.take_along_axis(squared, order, 1), 0)).astype(numpy.float32)


def graph_of(points, neighbors, **options):
    indices, distances = exact_neighbors(points, neighbors)
    graph = fuzzy_simplicial_set(points, neighbors, numpy.random.RandomState(0), 'euclidean', knn_indices=indices, knn_dists=distances, **options)[0]
    return graph.tocsr()


def eigenvalues_of(graph, count):
    dense = graph.toarray().astype(numpy.float64)
    root = 1 / numpy.sqrt(dense.sum(0))
    return scipy.linalg.eigvalsh(numpy.eye(len(dense)) - root[:, None] * dense * root[None, :])[:count].tolist()


def listed(graph):
    graph.sort_indices()
    return {'starts': graph.indptr.tolist(), 'columns': graph.indices.tolist(), 'values': [float(f'{v:.7g}') for v in graph.data]}


def kept(points, embedding):
    def near(x):
        return NearestNeighbors(n_neighbors=NEIGHBORS + 1).fit(x).kneighbors(return_distance=False, n_neighbors=NEIGHBORS)
    return numpy.mean([len(numpy.intersect1d(a, b)) for a, b in zip(near(points), near(embedding))]) / NEIGHBORS


def layouts(points):
    found = [umap.UMAP(n_neighbors=NEIGHBORS, random_state=seed).fit_transform(points) for seed in range(SEEDS)]
    out = {}
    for name, values in (('trustworthiness', [trustworthiness(points, e, n_neighbors=NEIGHBORS) for e in found]), ('kept', [kept(points, e) for e in found])):
        out[name] = {'mean': numpy.mean(values), 'error': numpy.std(values, ddof=1) / SEEDS ** 0.5}
    return out


sets = data_sets()
cases = [('iris', 15, {}), ('iris', 5, {'local_connectivity': 1.5}), ('wine', 15, {}), ('wine', 10, {'set_op_mix_ratio': 0.25}), ('duplicates', 5, {}),
         ('apart', 6, {})]
answers = {
    'points': {name: points.tolist() for name, points in sets.items()},
    'graphs': [{'points': name, 'n_neighbors': n, **options, **listed(graph_of(sets[name], n, **options))} for name, n, options in cases],
    'eigenvalues': {name: eigenvalues_of(graph_of(sets[name], n), 6) for name, n in (('iris', 15), ('wine', 15), ('apart', 6))},
    'curves': [[min_dist, spread, *map(float, find_ab_params(spread, min_dist))] for min_dist, spread in ((0.1, 1), (0, 1), (0.5, 1), (0.25, 2), (0.99, 1))],
    'layouts': {name: layouts(sets[name]) for name in ('wine', 'digits', 'cancer')},
}


def short(value):
    return float(f'{value:.7g}') if isinstance(value, float) else value


def compact(value):
    if isinstance(value, dict):
        return {key: compact(one) for key, one in value.items()}
    return [compact(one) for one in value] if isinstance(value, list) else short(value)


(Path(__file__).parent / 'umap_answers.json').write_text(json.dumps(compact(answers), separators=(',', ':')) + '\n')
