"""Rows a, b, c and i: t-SNE."""
from math import log
from statistics import median

from ..case import Case, Contender, Limit, Measurement, Quality
from ..latentgrid import artifacts
from ..points import STAGES

MEASURED = ('the `reduce` task\'s wall time, from reading the points\' .npy to writing the artifact, with affinities and neighbors (an '
            'artifact of their own, synced within that time), against TSNE.fit_transform of points in memory. KL divergence: computed over '
            'all pairs in float64 by one function from both embeddings and the same affinities, {affinities}; of the first run')
KL_ALLOWED = 0.005  # scikit-learn's own runs differ by as much


def kl_quality(name='KL'):
    return Quality(name, f'{KL_ALLOWED:.1%} above the peer\'s', lambda ours, peer: ours > peer * (1 + KL_ALLOWED))


def latentgrid_tsne(bench, points, parameters, results=None):
    """Runs the t-SNE of the points alone; its embeddings' files in the order of the iterations."""
    results = results or points.fresh(bench.program)
    finished = bench.program.run(results, points.sweep(bench.program, 'tsne', {'tsne': parameters}))
    found = artifacts(results, 'reduce', 'tsne')
    repulsion = found[-1].record['record'].get('repulsion')
    return Measurement(found[-1].seconds, peak_mib=max(finished.peak_mib, found[-1].peak_mib),
                       files=[str(a.folder / 'embedding.npy') for a in found], note=f'repulsion {repulsion}')


def filling_in_kl(bench, points, names, affinities):
    """A case's `after`: the KL of every side's embeddings, under these names."""
    def after(first, others):
        sides = [first, *others]
        files = [file for side in sides for file in side.files]
        values = iter(bench.ask('kl.py', points.file, *files, '--affinities', affinities)['kl'])
        for side in sides:
            side.quality.update({name: next(values) for name in names})
    return after


def unfinished(iterations):
    return 'all of the iterations are exaggerated ones, whose KL says little about what follows' if iterations <= 250 else ''


def tsne_case(bench, row, points, dim, iterations, target, affinities='nearest'):
    """One case: latentgrid once for all iteration counts, scikit-learn once for each."""
    def ours(_):
        return latentgrid_tsne(bench, points, {'dim': dim, 'iterations': iterations if len(iterations) > 1 else iterations[0]})

    def peer(tuned):
        def measure(run):
            out = bench.program.new_folder('sklearn') / 'embedding'
            return bench.peer(tuned, 'tsne.py', points.file, '--dim', dim, '--iterations', *iterations, '--out', out)
        return measure

    names = ['KL'] if len(iterations) == 1 else [f'KL {n}' for n in iterations]
    method = 'barnes_hut' if dim < 4 else 'exact'
    between = 'scikit-learn\'s between all pairs' if affinities == 'all' else 'scikit-learn\'s between 91 neighbors'
    counts = '/'.join(map(str, iterations))
    return Case(row, f't-SNE {dim}-D of {points.size}, {counts} iterations',
                f'{points.says}; ' + MEASURED.format(affinities=between), ours,
                [Contender(f'scikit-learn {method}', True, peer(True), target), Contender(f'scikit-learn {method}', False, peer(False))],
                qualities=[kl_quality(name) for name in names], compare_memory=row == 'a',
                after=filling_in_kl(bench, points, names, affinities), note=lambda _: unfinished(iterations[-1]))


def row_a(bench):
    points = bench.points('latent32', bench.size(8500, 500))
    yield tsne_case(bench, 'a', points, 2, [bench.size(1000, 500)], 5)


def row_b(bench):
    for images, iterations in bench.size([(2000, 1000), (4000, 250)], [(500, 250)]):
        yield tsne_case(bench, 'b', bench.points('latent32', images), 8, [iterations], 30, affinities='all')


def row_c(bench):
    images, iterations, runs = bench.images_at_most(bench.size(60000, 2000)), bench.size(300, 250), bench.size(3, 1)
    case = tsne_case(bench, 'c', bench.points('pca50', images), 2, [iterations], 8)
    n_log_n, grown = 2 * log(images) / log(images // 2), []

    def growth(_):
        half, whole = seconds_beside_search(bench, (images // 2, images), iterations, runs)
        grown.append(whole / half)
        return (f'beside the neighbor search {half:.3g} s at {images // 2} points and {whole:.3g} s at {images} (medians of {runs}): '
                f'{grown[0]:.3g} times; n·log n would be {n_log_n:.3g}')

    case.note = growth
    case.limits = [Limit(f'≤ {n_log_n:.3g}× the time of half the points, beside the neighbor search (n·log n)',
                         lambda _: grown[0] <= n_log_n if grown else None)]
    yield case


def seconds_beside_search(bench, counts, iterations, runs):
    """Medians, of alternating runs, of what a t-SNE of so many points takes when their neighbors are there already."""
    seconds = [[] for _ in counts]
    for _ in range(runs):
        for count, taken in zip(counts, seconds):
            taken.append(tsne_beside_search(bench, count, iterations).seconds)
    return map(median, seconds)


def tsne_beside_search(bench, count, iterations):
    points = bench.points('pca50', count)

    def search():
        results = points.fresh(bench.program)  # another exaggeration: another t-SNE, the same neighbors
        latentgrid_tsne(bench, points, {'dim': 2, 'iterations': 1, 'early_exaggeration': 11}, results)
        return results

    results = bench.program.clone(bench.once(('searched', count), search), [*STAGES, 'neighbors'])
    for found in artifacts(results, 'reduce', 'tsne'):
        (found.folder / 'task.json').unlink()
    return latentgrid_tsne(bench, points, {'dim': 2, 'iterations': iterations}, results)


def row_i(bench):
    points = bench.points('latent32', bench.size(8500, 500))
    yield tsne_case(bench, 'i', points, 2, [250, 500, 750, 1000], 12)
