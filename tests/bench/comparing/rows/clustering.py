"""Rows g and q: k-means, and Gaussian mixtures."""
from ..case import Case, Contender, Measurement, Quality
from ..latentgrid import artifacts


def row_g(bench):
    for kind, images in (('latent32', bench.size(8500, 500)), ('conv4096', bench.size(8500, 1000))):
        for k in (2, 10):
            yield kmeans_case(bench, bench.points(kind, images), k)
    yield mixture_case(bench, 'g', bench.points('pca10', bench.size(60000, 2000)), 30, 3)


def row_q(bench):
    yield mixture_case(bench, 'q', bench.points('pca10', bench.size(60000, 2000)), 40, 4)


def kmeans_case(bench, points, k):
    def ours(_):
        results = points.fresh(bench.program)
        sweep = points.sweep(bench.program, 'kmeans', None, {'kmeans': {'k': k, 'n_init': 10}})
        finished = bench.program.run(results, sweep)
        found = artifacts(results, 'cluster')[-1]
        return Measurement(found.seconds, peak_mib=max(finished.peak_mib, found.peak_mib), quality={'inertia': found.metrics['inertia']})

    def peer(tuned):
        return lambda run: bench.peer(tuned, 'kmeans.py', points.file, '--k', k, '--seed', run)

    return Case('g', f'k-means, k={k}, n_init 10, of {points.size}',
                f'{points.says}; the `cluster` task\'s wall time, from reading the points\' .npy to writing its artifact, against '
                'KMeans.fit of points in memory', ours,
                [Contender('scikit-learn KMeans', True, peer(True), 1.5), Contender('scikit-learn KMeans', False, peer(False))],
                qualities=[Quality('inertia', '0.1 % above the peer\'s', lambda value, other: value > other * 1.001)])


def mixture_case(bench, row, points, iterations, target, k=10):
    """The same number of iterations on both sides: a tolerance of 0 is never reached."""
    def ours(_):
        results = points.fresh(bench.program)
        sweep = points.sweep(bench.program, 'gmm', None, {'gmm': {'k': k, 'max_iterations': iterations, 'tolerance': 0}})
        finished = bench.program.run(results, sweep)
        found = artifacts(results, 'cluster')[-1]
        return Measurement(found.seconds, peak_mib=max(finished.peak_mib, found.peak_mib),
                           quality={'log-likelihood': found.metrics['log_likelihood']})

    def peer(tuned):
        return lambda run: bench.peer(tuned, 'gmm.py', points.file, '--k', k, '--iterations', iterations, '--seed', run)

    return Case(row, f'Gaussian mixture, k={k}, full covariances, {iterations} iterations, of {points.size}',
                f'{points.says}; the `cluster` task\'s wall time, from reading the points\' .npy to writing its artifact, against '
                'GaussianMixture.fit of points in memory; both begin with a k-means of one start', ours,
                [Contender('scikit-learn GaussianMixture', True, peer(True), target), Contender('scikit-learn GaussianMixture', False, peer(False))],
                qualities=[Quality('log-likelihood', '1 % below the peer\'s', lambda value, other: value < other - 0.01 * abs(other))])
