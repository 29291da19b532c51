#!/usr/bin/python3
"""Writes probe_answers.json beside this script: small inputs and what scikit-learn 1.2.1 (Debian 12) answers.

Run it only to add answers; the tests compare with the file that is kept.
"""
import json
import pathlib

import numpy as np
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(20261129)


def blobs(count, width, classes, spread):
    labels = rng.integers(classes, size=count)
    return (rng.standard_normal((classes, width))[labels] + spread * rng.standard_normal((count, width))).astype(np.float32), labels


def with_constant_column(points, labels):
    return np.hstack([points, np.full((len(points), 1), 7, np.float32)]).astype(np.float32), labels


def with_twins(points, labels):
    return np.vstack([points, points[:10]]), np.concatenate([labels, labels[:10]])


def linear(points, labels, ridge):
    order = rng.permutation(len(points))
    learned, judged = order[: len(order) // 2], order[len(order) // 2:]
    model = make_pipeline(StandardScaler(), RidgeClassifier(alpha=ridge)).fit(points[learned].astype(np.float64), labels[learned])
    return {'points': points.astype(np.float64).tolist(), 'labels': labels.tolist(), 'ridge': ridge, 'learned': learned.tolist(),
            'judged': judged.tolist(), 'classes': model.predict(points[judged].astype(np.float64)).tolist()}


def knn(points, labels, k):
    found = cross_val_predict(KNeighborsClassifier(k, algorithm='brute'), points.astype(np.float64), labels, cv=LeaveOneOut())
    return {'points': points.astype(np.float64).tolist(), 'labels': labels.tolist(), 'k': k, 'accuracy': float((found == labels).mean())}


answers = {
    'linear': [linear(*blobs(60, 5, 3, 1.0), 1.0), linear(*blobs(80, 4, 2, 1.5), 0.1), linear(*blobs(24, 40, 3, 2.0), 1.0),
               linear(*with_constant_column(*blobs(50, 3, 4, 1.0)), 10.0), linear(*with_twins(*blobs(40, 6, 2, 1.0)), 1.0)],
    'knn': [knn(*blobs(60, 5, 3, 1.0), 5), knn(*blobs(60, 5, 3, 1.0), 4), knn(*blobs(30, 2, 2, 1.0), 1), knn(*blobs(25, 8, 5, 2.0), 24)],
}
(pathlib.Path(__file__).parent / 'probe_answers.json').write_text(json.dumps(answers, separators=(',', ':')) + '\n')
