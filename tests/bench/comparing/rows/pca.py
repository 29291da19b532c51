"""Row f: PCA."""
from ..case import Case, Contender, Measurement, Quality
from ..latentgrid import artifacts

NAME = 'explained variance'


def row_f(bench):
    points = bench.points('conv4096', bench.size(8500, 1000))
    exact = []

    def ours(_):
        results = points.fresh(bench.program)
        finished = bench.program.run(results, points.sweep(bench.program, 'pca', {'pca': {'dim': [8, 16, 32, 64]}}))
        found = artifacts(results, 'reduce', 'pca')
        return Measurement(found[-1].seconds, peak_mib=max(finished.peak_mib, found[-1].peak_mib),
                           quality={NAME: found[-1].metrics['explained_variance']},
                           note='all smaller dimensions for free: 8, 16 and 32 are slices of the 64, and the four are written inside the '
                                'timed task')

    def after(*_):
        exact.append(bench.ask('explained_variance.py', points.file)['explained_variance'])

    yield Case('f', f'PCA to 64 of {points.size}',
               f'{points.says}; the `reduce` task\'s wall time, from reading the points\' .npy to writing the last of four artifacts '
               '(8, 16, 32, 64), against PCA(64).fit_transform alone, of points in memory', ours,
               [Contender('scikit-learn PCA', tuned, lambda _, tuned=tuned: bench.peer(tuned, 'pca.py', points.file), 1 if tuned else None)
                for tuned in (True, False)],
               qualities=[Quality(NAME, '1e-5 (relative) from that of a full decomposition in float64',
                                  lambda value, _: abs(value - exact[0]) > 1e-5 * exact[0])],
               after=after, note=lambda _: f'a full decomposition explains {exact[0]:.8f}')
