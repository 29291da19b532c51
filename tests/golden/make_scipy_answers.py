#!/usr/bin/python3
"""Writes scipy_answers.json beside this script: small samples and what SciPy 1.10 (Debian 12) says of them.

Run it only to add answers; the tests compare with the file that is kept.
"""
import json
import pathlib

import numpy as np
from scipy import stats

rng = np.random.default_rng(20261124)


def paired():
    out = []
    for n, shift, spread in ((3, 0.01, 0.01), (3, 0.0, 0.02), (5, 0.05, 0.01), (10, 0.003, 0.02), (30, -0.4, 1.0)):
        a = np.round(0.7 + rng.normal(0, spread, n), 4)
        b = np.round(a + shift + rng.normal(0, spread, n), 4)
        test = stats.ttest_rel(a, b)
        low, high = test.confidence_interval(0.95)
        out.append({'first': a.tolist(), 'second': b.tolist(), 'p': test.pvalue, 'low': low, 'high': high,
                    'mean': float(np.mean(a - b))})
    return out


def holm():
    """SciPy 1.10 has no Holm: the definition, max over j <= i of (m - j) p_(j), in NumPy."""
    out = []
    for p in ([0.01], [0.04, 0.01, 0.03, 0.005], [0.5, 0.5, 0.9], rng.random(12).round(3).tolist()):
        order = np.argsort(p, kind='stable')
        sorted_p = np.asarray(p)[order] * (len(p) - np.arange(len(p)))
        adjusted = np.empty(len(p))
        adjusted[order] = np.minimum(1, np.maximum.accumulate(sorted_p))
        out.append({'p': p, 'adjusted': adjusted.tolist()})
    return out


def mcnemar():
    return [{'only_first': b, 'only_second': c, 'p': stats.binomtest(min(b, c), b + c, 0.5).pvalue if b + c else 1.0}
            for b, c in ((0, 0), (1, 0), (0, 1), (5, 5), (6, 4), (2, 12), (121, 98), (700, 611), (0, 40), (3000, 2500))]


def correlations():
    out = []
    for n in (3, 5, 20, 100):
        x = rng.normal(0, 1, n).round(2)
        y = (0.5 * x + rng.normal(0, 1, n)).round(1)
        out.append({'x': x.tolist(), 'y': y.tolist(), 'pearson': float(stats.pearsonr(x, y)[0]),
                    'spearman': float(stats.spearmanr(x, y)[0]), 'ranks': stats.rankdata(y).tolist()})
    return out


def eta_squared():
    """From SciPy's F of the one-way analysis of variance: eta squared = F d1 / (F d1 + d2)."""
    out = []
    for sizes in ((3, 3), (5, 2, 9), (4, 4, 4, 4)):
        values = [rng.normal(i * 0.5, 1, n).round(3) for i, n in enumerate(sizes)]
        f = stats.f_oneway(*values).statistic
        between, within = len(sizes) - 1, sum(sizes) - len(sizes)
        out.append({'values': np.concatenate(values).tolist(), 'group': np.repeat(np.arange(len(sizes)), sizes).tolist(),
                    'share': f * between / (f * between + within)})
    return out


path = pathlib.Path(__file__).with_name('scipy_answers.json')
answers = {'paired': paired(), 'holm': holm(), 'mcnemar': mcnemar(), 'correlations': correlations(),
           'eta_squared': eta_squared()}
path.write_text(json.dumps(answers) + '\n')
