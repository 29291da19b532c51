"""Rows h and s: a whole cold sweep against a Python loop."""
from ..case import Case, Contender, Measurement, Quality
from ..latentgrid import artifacts
from .training import mse_quality

ACCURACY = Quality('accuracy', '0.03 below the peer\'s (seeds differ by as much)', lambda ours, peer: ours < peer - 0.03)
LATENTS, PCA = [32, 64, 128], [8, 16, 64]


def row_h(bench):
    images, epochs, iterations = bench.images_at_most(bench.size(2125, 128)), bench.size(2, 1), bench.size(1000, 250)
    _, file = bench.images(images)

    def ours(run):
        grid = {'architecture': {'AE2': {'epochs': epochs}}, 'latent_dim': LATENTS,
                'reduction': [{'pca': {'dim': PCA}}, {'tsne': {'dim': 2, 'iterations': iterations}}], 'seeds': [run],
                'exclude': [{'latent_dim': 32, 'reduction': {'pca': {'dim': 64}}}]}
        results = bench.program.new_folder('grid')
        finished = bench.program.run(results, bench.program.sweep('grid', grid, images))
        errors = [a.metrics['recon_mse'] for a in artifacts(results, 'encode', 'autoencoder')]
        rows = bench.program.query(results, 'SELECT accuracy FROM results')
        peak = max([finished.peak_mib, *(a.peak_mib for stage in ('train', 'reduce') for a in artifacts(results, stage))])
        quality = {'MSE': sum(errors) / len(errors), 'accuracy': sum(row['accuracy'] for row in rows) / len(rows)}
        return Measurement(finished.seconds, peak_mib=peak, quality=quality,
                           note=f'train.threads: {bench.threads}, as three trainings don\'t divide between one-thread workers')

    def loop(tuned, *how):
        def measure(run):
            return bench.peer(tuned, 'sweep_loop.py', file, bench.dataset.labels, '--latents', *LATENTS, '--pca', *PCA,
                              '--epochs', epochs, '--tsne-iterations', iterations, '--seed', run, *how)
        return measure

    # A case each: the loop that takes minutes would cost the other one its runs.
    for name, target, how in (('a loop that caches trainings', 1.8, ['--cache']), ('a loop that trains once per job', 6, [])):
        yield Case('h', f'the grid of latent 32/64/128 × (PCA 8, 16, 64; t-SNE 2 of {iterations} iterations) less the impossible cell, '
                   f'11 jobs, {images} images, {epochs} epoch{"s" if epochs > 1 else ""}, cold, beside {name}',
                   'two whole processes, `latentgrid run` into an empty folder against Python with its imports, another seed each run; '
                   'quality is the mean over the models and over the jobs, median over seeds', ours,
                   [Contender(name, True, loop(True, *how), target), Contender(name, False, loop(False, *how))],
                   qualities=[] if bench.quick else [mse_quality(len(LATENTS)), ACCURACY])


KS, KERNEL_PCA, TSNE = list(range(2, 11)), [50, 100, 200], [250, 500, 750, 1000]


def row_s(bench):
    points = bench.points('latent64', bench.size(1000, 300))  # of 8500 the loop as usually written would take hours
    ks, kernel_pca, iterations = bench.size((KS, KERNEL_PCA, TSNE), ([2, 10], [50], [250]))
    pca = 32

    def ours(run):
        before = [['pca', {'dim': pca}], ['pca', {'dim': pca, 'whiten': True}], ['kernel_pca', {'dim': kernel_pca, 'kernel': 'rbf'}],
                  ['umap', {'dim': 2}], ['tsne', {'dim': 2, 'iterations': iterations}]]
        grid = {**points.grid, 'reduction': ['none', *({name: values} for name, values in before)],
                'clustering': [{'kmeans': {'k': ks}}, {'gmm': {'k': ks}}, {'spectral': {'k': ks}}, {'agglomerative': {'linkage': 'ward', 'k': ks}}],
                'seeds': [0]}
        results = points.fresh(bench.program)
        finished = bench.program.run(results, bench.program.sweep('class_grid', grid, points.images))
        rows = bench.program.query(results, 'SELECT accuracy FROM results')
        return Measurement(finished.seconds, peak_mib=finished.peak_mib, quality={'accuracy': sum(row['accuracy'] for row in rows) / len(rows)},
                           note=f'{len(rows)} jobs')

    def loop(tuned, *how):
        return lambda run: bench.peer(tuned, 'class_grid.py', points.file, bench.dataset.labels, '--pca', pca, '--kernel-pca', *kernel_pca,
                                      '--tsne-iterations', *iterations, '--k', *ks, '--seed', run, *how)

    jobs = (3 + len(kernel_pca) + 1 + len(iterations)) * 4 * len(ks)
    for name, contender in (('a loop that caches each stage', Contender('a loop that caches each stage', True, loop(True, '--cache'), 4)),
                            ('a loop as usually written', Contender('a loop as usually written', False, loop(False), 10, once=True))):
        yield Case('s', f'a class\'s grid: none, PCA {pca}, whitened, kernel PCA {" ".join(map(str, kernel_pca))}, UMAP, t-SNE of '
                   f'{" ".join(map(str, iterations))} iterations × k-means, mixture, spectral, Ward × k from {ks[0]} to {ks[-1]}, of {points.size}, {jobs} jobs, '
                   f'beside {name}',
                   f'{points.says}; two whole processes from the points on: `latentgrid run` with the encoder\'s artifacts adopted, scores and database '
                   'included, against Python with its imports; quality is the mean over the jobs', ours, [contender],
                   qualities=[] if bench.quick else [ACCURACY])
