"""Answers for agglomerative_test.cpp: python3 agglomerative_reference.py, with scikit-learn 1.2 and SciPy 1.10.

Labels of sklearn.cluster.AgglomerativeClustering, heights of scipy.cluster.hierarchy.linkage (all of them added up, and the last 8)."""

import json

import numpy as np
from scipy.cluster.hierarchy import linkage
from sklearn.cluster import AgglomerativeClustering

from reference_points import HERE, all_points, letters

answers = {}
for name, points in all_points().items():
    points = points.astype(np.float32).astype(float)
    for method in ("ward", "average", "complete", "single"):
        heights = linkage(points, method)[:, 2]
        ks = [k for k in (2, 5, 20) if k <= len(points)]
        if name in ("equal", "three_places"):
            ks = [k for k in ks if k <= len(np.unique(points, axis=0))]  # equal points part in no order that matters
        answers[f"{name} {method}"] = {
            "sum": heights.sum(),
            "heights": heights[-8:].tolist(),
            "clusters": {k: letters(AgglomerativeClustering(n_clusters=k, linkage=method).fit(points).labels_) for k in ks},
        }
text = json.dumps(answers, separators=(",", ":")).replace('},"', '},\n"')
(HERE / "agglomerative_reference.json").write_text(text + "\n")
