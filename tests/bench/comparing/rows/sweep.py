"""Row h: a whole cold sweep against a Python loop."""
import json

from ..case import Case, Contender, Measurement, Quality
from ..latentgrid import artifacts
from .training import MSE

ACCURACY = Quality('accuracy', '0.03 below the peer\'s (seeds differ by as much)', lambda ours, peer: ours < peer - 0.03)
LATENTS, PCA = [32, 64, 128], [8, 16, 64]


def row_h(bench):
    images, epochs, iterations = bench.images_at_most(bench.size(2125, 128)), bench.size(2, 1), bench.size(1000, 250)
    _, file = bench.images(images)
    grid = {'architecture': {'AE2': {'epochs': epochs}}, 'latent_dim': LATENTS,
            'reduction': [{'pca': {'dim': PCA}}, {'tsne': {'dim': 2, 'iterations': iterations}}], 'seeds': [0],
            'exclude': [{'latent_dim': 32, 'reduction': {'pca': {'dim': 64}}}]}

    def ours(_):
        results = bench.program.new_folder('grid')
        finished = bench.program.run(results, bench.program.sweep('grid', grid, images))
        errors = [a.metrics['recon_mse'] for a in artifacts(results, 'encode', 'autoencoder')]
        rows = json.loads(bench.program.call(results, 'query', 'SELECT accuracy FROM results', '--json').output)
        peak = max([finished.peak_mib, *(a.peak_mib for stage in ('train', 'reduce') for a in artifacts(results, stage))])
        quality = {'MSE': sum(errors) / len(errors), 'accuracy': sum(row['accuracy'] for row in rows) / len(rows)}
        return Measurement(finished.seconds, peak_mib=peak, quality=quality,
                           note=f'train.threads: {bench.threads}, as three trainings don\'t divide between one-thread workers')

    def loop(tuned, *how):
        def measure(_):
            return bench.peer(tuned, 'sweep_loop.py', file, bench.dataset.labels, '--latents', *LATENTS, '--pca', *PCA,
                              '--epochs', epochs, '--tsne-iterations', iterations, *how)
        return measure

    naive, cached = 'a loop that trains once per job', 'a loop that caches trainings'
    yield Case('h', f'the grid of latent 32/64/128 × (PCA 8, 16, 64; t-SNE 2 of {iterations} iterations) less the impossible cell, 11 jobs, '
               f'{images} images, {epochs} epoch{"s" if epochs > 1 else ""}, cold',
               'two whole processes, `latentgrid run` into an empty folder against Python with its imports; quality is the mean over the models '
               'and over the jobs', ours,
               [Contender(naive, True, loop(True), 6), Contender(cached, True, loop(True, '--cache'), 1.8),
                Contender(cached, False, loop(False, '--cache'))],
               qualities=[] if bench.quick else [MSE, ACCURACY])
