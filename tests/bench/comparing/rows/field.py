"""Rows m to r: the reductions and clusterings of the field."""
from ..case import Case, Contender, Limit, Measurement, Quality
from ..latentgrid import artifacts

TRUST_ALLOWED = 0.003  # umap-learn's own seeds differ by as much
AGREEMENT = 0.98       # edges that are equally long leave HDBSCAN several hierarchies, whose clusters differ by as much as 0.01


def task(bench, points, name, stage, reduction=None, clustering=None):
    """Runs one reduction or clustering of the points; its artifacts by extent, and the measurement of the last."""
    results = points.fresh(bench.program)
    finished = bench.program.run(results, points.sweep(bench.program, name, reduction, clustering))
    found = artifacts(results, stage, name if stage == 'reduce' else None)
    return found, Measurement(found[-1].seconds, peak_mib=max(finished.peak_mib, found[-1].peak_mib))


def both(bench, measure, name, target):
    """The peer tuned, with its target, and as it is usually written."""
    return [Contender(name, True, measure(True), target), Contender(name, False, measure(False))]


def judged_by(bench, script, points, measure):
    """A case's `after`: what this script of the peers says of every side's first result."""
    def after(first, others):
        sides = [first, *others]
        for side, value in zip(sides, bench.ask(script, points.file, *[side.files[0] for side in sides])[measure]):
            side.quality[measure.replace('_', ' ')] = value
    return after


def row_m(bench):
    for kind, images, target in (('latent32', bench.size(8500, 4500), 8), ('pca50', bench.size(60000, 5000), 5)):
        yield umap_case(bench, bench.points(kind, images), target)


def umap_case(bench, points, target):
    def ours(_):
        found, measured = task(bench, points, 'umap', 'reduce', {'umap': {'dim': 2}})
        measured.files = [str(found[-1].folder / 'embedding.npy')]
        return measured

    def peer(tuned):
        def measure(run):
            return bench.peer(tuned, 'umap_learn.py', points.file, '--seed', run, '--out', bench.program.new_folder('umap') / 'embedding.npy')
        return measure

    return Case('m', f'UMAP 2-D of {points.size}',
                f'{points.says}; the `reduce` task\'s wall time, from reading the points\' .npy to writing the artifact, neighbors, graph and start '
                'included, against UMAP.fit_transform of points in memory, compiled before; trustworthiness of 15 neighbors, of the first run', ours,
                both(bench, peer, 'umap-learn', target),
                qualities=[Quality('trustworthiness', f'{TRUST_ALLOWED} below the peer\'s', lambda value, other: value < other - TRUST_ALLOWED)],
                after=judged_by(bench, 'trust.py', points, 'trustworthiness'))


def row_n(bench):
    points = bench.points('conv4096', bench.size(8500, 1000))
    dim = bench.size(200, 50)

    def ours(_):
        found, measured = task(bench, points, 'kernel_pca', 'reduce', {'kernel_pca': {'dim': dim, 'kernel': 'rbf'}})
        measured.quality['sum of eigenvalues'] = found[-1].metrics['explained_variance'] * found[-1].record['record']['trace']
        return measured

    def peer(tuned):
        return lambda _: bench.peer(tuned, 'kernel_pca.py', points.file, '--dim', dim)

    yield Case('n', f'kernel PCA (rbf) to {dim} of {points.size}',
               f'{points.says}; the `reduce` task\'s wall time, from reading the points\' .npy to writing the artifact, against '
               'KernelPCA.fit_transform of points in memory', ours, both(bench, peer, 'scikit-learn KernelPCA', 3),
               qualities=[Quality('sum of eigenvalues', '1e-4 (relative) from the peer\'s', lambda value, other: abs(value - other) > 1e-4 * other)],
               compare_memory=True)


def row_o(bench):
    for k in (2, 10):
        yield spectral_case(bench, bench.points('latent32', bench.size(8500, 1000)), k)


def spectral_case(bench, points, k):
    def ours(_):
        found, measured = task(bench, points, 'spectral', 'cluster', clustering={'spectral': {'k': k}})
        measured.files = [str(found[-1].folder / 'clusters.npy')]
        return measured

    def peer(tuned):
        def measure(run):
            return bench.peer(tuned, 'spectral.py', points.file, '--k', k, '--seed', run, '--out', bench.program.new_folder('spectral') / 'labels.npy')
        return measure

    return Case('o', f'spectral clustering, k={k}, of {points.size}',
                f'{points.says}; the `cluster` task\'s wall time, from reading the points\' .npy to writing its artifact, neighbors included, against '
                'SpectralClustering.fit of points in memory, on the graph of 10 neighbors; the normalized cut of the first run', ours,
                both(bench, peer, 'scikit-learn SpectralClustering', 8),
                qualities=[Quality('normalized cut', '1 % above the peer\'s', lambda value, other: value > other * 1.01 + 1e-9)],
                after=judged_by(bench, 'normalized_cut.py', points, 'normalized_cut'))


def row_p(bench):
    points = bench.points('latent32', bench.size(8500, 1000))
    ks, one = list(range(2, 21)), 10

    def ours(_):
        found, measured = task(bench, points, 'agglomerative', 'cluster', clustering={'agglomerative': {'k': ks, 'linkage': 'ward'}})
        measured.files = [str(next(a for a in found if a.extent == one).folder / 'clusters.npy')]
        measured.note = 'k from 2 to 20, each with an artifact of its own, written inside the timed task'
        return measured

    def peer(tuned):
        return lambda _: bench.peer(tuned, 'ward.py', points.file, '--k', one, '--out', bench.program.new_folder('ward') / 'labels.npy')

    yield Case('p', f'Ward clustering of {points.size}, every k from 2 to 20; the peer k={one} alone',
               f'{points.says}; the `cluster` task\'s wall time, from reading the points\' .npy to writing the last artifact, against '
               'AgglomerativeClustering.fit of points in memory', ours, both(bench, peer, 'scikit-learn AgglomerativeClustering', 3),
               qualities=[Quality('inertia', '1e-5 (relative) from the peer\'s', lambda value, other: abs(value - other) > 1e-5 * other)],
               limits=[Limit('≤ 100 MiB', lambda side: side.peak_mib <= 100)], compare_memory=True,
               after=judged_by(bench, 'inertia.py', points, 'inertia'))


def row_r(bench):
    for points in (bench.points('pca2', bench.size(8500, 1000)), bench.points('pca10', bench.size(20000, 2000))):
        yield hdbscan_case(bench, points)


def hdbscan_case(bench, points, size=15):
    def ours(_):
        found, measured = task(bench, points, 'hdbscan', 'cluster', clustering={'hdbscan': {'min_cluster_size': size}})
        measured.quality = {'clusters': found[-1].metrics['clusters_found']}
        measured.files = [str(found[-1].folder / 'clusters.npy')]
        return measured

    def peer(tuned):
        def measure(_):
            folder = bench.program.new_folder('hdbscan')
            return bench.peer(tuned, 'hdbscan.py', points.file, '--min-points', size, '--out', folder / 'labels.npy', '--tree', folder / 'tree.npy')
        return measure

    def after(first, others):
        labels, tree = others[0].files
        said = bench.ask('hdbscan_agreement.py', tree, first.files[0], labels, '--min-points', size)
        for side, value in zip([first, others[0]], said['agreement']):
            side.quality['agreement'] = value
        others[0].note = f'{said["clusters"]} clusters of its hierarchy by the rules of the paper'

    return Case('r', f'HDBSCAN of {points.size}',
                f'{points.says}; the `cluster` task\'s wall time, from reading the points\' .npy to writing its artifact, neighbors included, against '
                'hdbscan() of R\'s dbscan of points in memory; agreement is the adjusted Rand index with what the paper\'s rules choose from R\'s '
                'hierarchy', ours, [Contender('R dbscan', True, peer(True), 2)],
                qualities=[Quality('agreement', f'as low as {AGREEMENT}', lambda value, _: value < AGREEMENT)], after=after)
