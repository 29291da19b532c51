"""Rows d, e, u and w: training AE2, encoding with it; a variational AE2, a small residual network."""
from math import sqrt

from ..case import Case, Contender, Measurement, Quality
from ..dataset import npy_shape
from ..latentgrid import artifacts
from ..points import NO_CLUSTERING

LIBTORCH = 'LibTorch is loaded before, as the peer\'s imports are'


def mse_quality(trainings):
    """Of a mean over so many trainings."""
    allowed = 0.1 / sqrt(trainings)
    return Quality('MSE', f'{100 * allowed:.0f} % above the peer\'s (seeds differ by as much)',
                   lambda ours, peer: ours > peer * (1 + allowed))


def judged(bench, trainings):
    """After the step or two of a quick run the error is luck: shown, not judged."""
    return [] if bench.quick else [mse_quality(trainings)]


LAST_LOSS = Quality('loss', '10 % above the peer\'s (seeds differ by as much)', lambda ours, peer: ours > peer * 1.1)
ENCODED_ALIKE = Quality('MSE', '1e-3 (relative) from the peer\'s, whose weights are the same',
                        lambda value, other: abs(value - other) > 1e-3 * other)


def ae2_grid(epochs, seeds):
    return {'architecture': {'AE2': {'epochs': epochs}}, 'latent_dim': 'native', 'reduction': 'none', 'clustering': NO_CLUSTERING,
            'seeds': seeds}


def ae2_flops(shape):
    """Of an image's training step: three times the forward pass's multiply-adds, two each."""
    _, height, width, channels = shape
    pixels = height * width
    forward = (pixels * 64 * 9 * channels + pixels // 4 * 128 * 9 * 64 + pixels // 16 * 256 * 9 * 128 +
               pixels // 64 * 256 * 128 * 4 + pixels // 16 * 128 * 64 * 4 + pixels // 4 * 64 * channels * 4)
    return 3 * 2 * forward


def rate_note(bench, images_file):
    flops = ae2_flops(npy_shape(images_file))

    def note(ours):
        reached = flops / ours.seconds_for_one / 1e9
        return (f'{flops / 1e9:.3f} GFLOP an image: {reached:.0f} GFLOP/s, '
                f'{reached / bench.gemm_gflops:.0%} of the rate at a product of 2048² matrices')
    return note


def both(bench, measure, tuned_target, usual_target=None):
    return [Contender('PyTorch', True, lambda run: measure(True, run), tuned_target),
            Contender('PyTorch', False, lambda run: measure(False, run), usual_target)]


def row_d(bench):
    yield training_case(bench, bench.images_at_most(bench.size(2125, 256)), bench.size(2, 1))
    yield encoding_case(bench, bench.images_at_most(bench.size(8500, 256)))


def training_case(bench, images, epochs):
    _, file = bench.images(images)
    return one_training(bench, 'd', 'one AE2 training', images, epochs, ae2_grid(epochs, []), (1.0, 1.15), note=rate_note(bench, file))


def one_training(bench, row, work, images, epochs, grid, targets, *how, note=None, says='', losses=False):
    """`how`: what peers/train.py is told besides. Losses: those of the last epoch stand beside the MSE."""
    results, file = bench.images(images)

    def ours(run):
        here = bench.program.clone(results, ['load'])
        finished = bench.program.run(here, bench.program.sweep('train', {**grid, 'seeds': [run]}, images))
        trained, encoded = artifacts(here, 'train')[-1], artifacts(here, 'encode', 'autoencoder')[-1]
        quality = {'MSE': encoded.metrics['recon_mse'], **({'loss': trained.metrics['train_loss']} if losses else {})}
        return Measurement(trained.seconds, images * epochs, max(finished.peak_mib, trained.peak_mib), quality,
                           note=f'{bench.threads} threads for the task')

    def peer(tuned, run):
        return bench.peer(tuned, 'train.py', file, '--epochs', epochs, '--seeds', run, *how)

    return Case(row, f'{work}, {images} images, {epochs} epoch{"s" if epochs > 1 else ""}',
                f'the `train` task\'s wall time, from reading the uint8 images\' .npy to its checkpoint written ({LIBTORCH}), against '
                'the training loop, from uint8 images in memory to trained weights; batch 128; both report the mean squared error over all '
                f'images in eval mode afterwards, median over seeds{says}',
                ours, both(bench, peer, *targets), unit='images/s',
                qualities=judged(bench, 1) + ([LAST_LOSS] if losses and not bench.quick else []), note=note)


def encoding_case(bench, images):
    _, file = bench.images(images)

    def train():
        results = bench.program.new_folder('trained')
        bench.program.run(results, bench.program.sweep('encode', ae2_grid(1, [0]), images))
        return results

    def trained():
        return bench.once(('trained', images), train)

    def ours(_):
        here = bench.program.clone(trained(), ['load', 'train'])
        finished = bench.program.run(here, bench.program.sweep('encode', ae2_grid(1, [0]), images))
        found = artifacts(here, 'encode', 'autoencoder')[-1]
        return Measurement(found.seconds, images, max(finished.peak_mib, found.peak_mib), {'MSE': found.metrics['recon_mse']},
                           note=f'{bench.threads} threads for the task')

    def peer(tuned, _):
        checkpoint = artifacts(trained(), 'train')[-1].folder
        return bench.peer(tuned, 'encode.py', file, '--checkpoint', checkpoint, '--out', bench.program.new_folder('torch') / 'latents.npy')

    return Case('d', f'AE2 encoding {images} images',
                f'the `encode` task\'s wall time, from reading the images\' .npy and the checkpoint ({LIBTORCH}), against a loop over the '
                'images in memory with the same checkpoint\'s weights; both write the latents\' .npy and decode too, latentgrid for every '
                'image\'s error, the peer for every batch\'s mean', ours, both(bench, peer, 1.0, 1.15), unit='images/s',
                qualities=[ENCODED_ALIKE])


def row_e(bench):
    images, epochs, trainings = bench.images_at_most(bench.size(2125, 128)), 1, 6
    results, file = bench.images(images)

    def seeds(run):
        return [trainings * run + i for i in range(trainings)]

    def ours(run):
        here = bench.program.clone(results, ['load'])
        grid = ae2_grid(epochs, seeds(run))
        finished = bench.program.run(here, bench.program.sweep('trainings', {**grid, 'threads': 1}, images))
        trained, encoded = artifacts(here, 'train'), artifacts(here, 'encode', 'autoencoder')
        if sorted(a.seed for a in trained) != seeds(run):
            raise ValueError(f'{here} has other trainings than those of the seeds {seeds(run)}')
        span = max(a.finished_at for a in trained) - min(a.finished_at - a.seconds for a in trained)
        return Measurement(span, images * epochs * trainings, max([finished.peak_mib, *(a.peak_mib for a in trained)]),
                           {'MSE': sum(a.metrics['recon_mse'] for a in encoded) / len(encoded)},
                           note=f'{bench.threads} workers, one thread each; memory is one worker\'s')

    def peer(tuned, run):
        return bench.peer(tuned, 'train.py', file, '--epochs', epochs, '--seeds', *seeds(run))

    yield Case('e', f'six AE2 trainings, {images} images, {epochs} epoch, {bench.threads} threads a side',
               f'from the start of the sweep\'s first `train` task ({LIBTORCH}) to the end of its last (the sweep encodes too, some of it '
               f'meanwhile), against a loop over the same six seeds with {bench.threads} threads; six other seeds each run', ours,
               both(bench, peer, 1.4), unit='images/s', qualities=judged(bench, trainings), note=rate_note(bench, file))


def row_u(bench):
    images, epochs, latent = bench.images_at_most(bench.size(2125, 256)), bench.size(2, 1), 64
    grid = {**ae2_grid(epochs, []), 'latent_dim': latent, 'training': 'vae'}
    yield one_training(bench, 'u', f'one variational AE2 with {latent} latents', images, epochs, grid, (1.2,), '--vae', latent, losses=True,
                       says=', decoded from the means; loss is what the training lowers, the error plus the divergence from the prior, as the '
                       'mean over the last epoch')


def row_w(bench):
    images, epochs = bench.images_at_most(bench.size(2125, 256)), bench.size(2, 1)
    grid = {**ae2_grid(epochs, []), 'architecture': {'small_resnet': {'epochs': epochs}}}
    yield one_training(bench, 'w', 'one small_resnet autoencoder', images, epochs, grid, (None,), '--architecture', 'small_resnet',
                       says='. No target: the row is there for what AE2 lacks, residual blocks, strided convolutions and average pooling')
