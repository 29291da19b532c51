"""Answers for hdbscan_test.cpp: python3 hdbscan_reference.py, with scikit-learn 1.3 or later (made with Debian 13's 1.4.2).

Labels of sklearn.cluster.HDBSCAN. Many edges of the spanning tree are equally long, because a core distance is often the largest of the
three that make one, and scikit-learn sorts them by numpy's quicksort, which leaves equal ones in an order that differs between machines. Here
it sorts them by a stable sort instead."""

import json

import numpy as np
import sklearn.cluster._hdbscan.hdbscan as implementation
from sklearn.cluster import HDBSCAN
from sklearn.cluster._hdbscan._linkage import make_single_linkage

from reference_points import HERE, all_points, letters

implementation._process_mst = lambda tree: make_single_linkage(tree[np.argsort(tree["distance"], kind="stable")])

SETTINGS = [
    {"min_cluster_size": size, "min_samples": samples, "cluster_selection_method": method, "cluster_selection_epsilon": epsilon,
     "allow_single_cluster": single}
    for size, samples, method, epsilon, single in [
        (5, 5, "eom", 0.0, False),
        (10, 5, "eom", 0.0, False),
        (10, 3, "eom", 0.0, True),
        (8, 1, "eom", 0.0, False),
        (5, 5, "leaf", 0.0, False),
        (5, 4, "leaf", 1.0, False),
        (5, 4, "eom", 2.5, True),
        (60, 5, "eom", 0.0, True),
    ]
]

answers = []
for name, points in all_points().items():
    points = points.astype(np.float32).astype(float)
    for setting in SETTINGS:
        if max(setting["min_cluster_size"], setting["min_samples"]) > len(points):
            continue
        labels = HDBSCAN(**setting, algorithm="kd_tree", n_jobs=1).fit(points).labels_
        answers.append({"points": name, "setting": setting, "clusters": letters(labels)})
(HERE / "hdbscan_reference.json").write_text("[" + ",\n".join(json.dumps(a, separators=(",", ":")) for a in answers) + "]\n")
