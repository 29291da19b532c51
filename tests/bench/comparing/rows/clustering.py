"""Row g: k-means."""
from ..case import Case, Contender, Measurement, Quality
from ..latentgrid import artifacts


def row_g(bench):
    for kind, images in (('latent32', bench.size(8500, 500)), ('conv4096', bench.size(8500, 1000))):
        for k in (2, 10):
            yield kmeans_case(bench, bench.points(kind, images), k)


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
