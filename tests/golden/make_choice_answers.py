#!/usr/bin/python3
"""Writes choice_answers.json beside this script: what SciPy 1.10 and scikit-learn 1.2.1 (Debian 12) say of orders of jobs and of
clusterings without labels. Run it only to add answers; the tests compare with the file that is kept.
"""
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, silhouette_score

rng = np.random.default_rng(20261128)


def kendall():
    """Without ties (exact up to 33 pairs), with ties on either side and on both, and long ones."""
    samples = [([1, 2, 3], [1, 3, 2]), ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), ([1, 2, 3, 4, 5], [5, 4, 3, 1, 2])]
    samples += [(rng.normal(size=n).round(6), rng.normal(size=n).round(6)) for n in (6, 13, 32, 33, 34, 100)]
    samples += [(np.arange(40), np.r_[np.arange(39), 37.5])]
    for n, values in ((5, 3), (12, 4), (30, 5), (500, 7)):
        x = rng.integers(0, values, n)
        samples += [(x, rng.normal(size=n).round(6)), (rng.normal(size=n).round(6), x), (x, x // 2 + rng.integers(0, 2, n))]
    out = []
    for x, y in samples:
        found = stats.kendalltau(x, y)
        out.append({'x': np.asarray(x, float).tolist(), 'y': np.asarray(y, float).tolist(), 'tau': found.correlation, 'p': found.pvalue})
    return out


def clusterings():
    """Six clusterings of 90 points, with noise, a gap in the numbers, all points in one, and as many clusters as pairs of points."""
    points = (rng.normal(size=(90, 5)) + 3 * np.eye(5)[np.arange(90) % 3]).astype(np.float32)
    all_of_them = [np.arange(90) % 3, np.where(rng.random(90) < 0.2, rng.integers(0, 3, 90), np.arange(90) % 3), rng.integers(-1, 4, 90),
                   2 * rng.integers(0, 3, 90), np.zeros(90, int), np.arange(90) // 2]
    ari = [[adjusted_rand_score(a, b) for b in all_of_them] for a in all_of_them]
    X = points.astype(np.float64)
    judged = [len(set(c)) > 1 for c in all_of_them]
    return {'points': [[float(v) for v in row] for row in points], 'clusters': [c.tolist() for c in all_of_them], 'ari': ari,
            'silhouette': [float(silhouette_score(X, c)) if ok else None for c, ok in zip(all_of_them, judged)],
            'calinski_harabasz': [float(calinski_harabasz_score(X, c)) if ok else None for c, ok in zip(all_of_them, judged)]}


path = pathlib.Path(__file__).with_name('choice_answers.json')
path.write_text(json.dumps({'kendall': kendall(), 'clusterings': clusterings()}) + '\n')
