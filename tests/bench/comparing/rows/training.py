"""Rows d and e: training AE2, and encoding with it."""
from ..case import Case, Contender, Measurement, Quality
from ..dataset import npy_shape
from ..latentgrid import artifacts
from ..points import NO_CLUSTERING

MSE = Quality('MSE', '10 % above the peer\'s (seeds differ by as much)', lambda ours, peer: ours > peer * 1.1)


def judged(bench):
    """After the step or two of a quick run the error is luck: shown, not judged."""
    return [] if bench.quick else [MSE]


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
    results, file = bench.images(images)

    def ours(run):
        here = bench.program.clone(results, ['load'])
        finished = bench.program.run(here, bench.program.sweep('train', ae2_grid(epochs, [run]), images))
        trained, encoded = artifacts(here, 'train')[-1], artifacts(here, 'encode', 'autoencoder')[-1]
        return Measurement(trained.seconds, images * epochs, max(finished.peak_mib, trained.peak_mib),
                           {'MSE': encoded.metrics['recon_mse']}, note=f'{bench.threads} threads for the task')

    def peer(tuned, run):
        return bench.peer(tuned, 'train.py', file, '--epochs', epochs, '--seeds', run)

    return Case('d', f'one AE2 training, {images} images, {epochs} epoch{"s" if epochs > 1 else ""}',
                'the `train` task\'s wall time, with its checkpoint written, against the training loop, from uint8 images in memory to '
                'trained weights; batch 128; both report the mean squared error over all images in eval mode afterwards, median over seeds',
                ours, both(bench, peer, 1.0, 1.15), unit='images/s', qualities=judged(bench), note=rate_note(bench, file))


def encoding_case(bench, images):
    _, file = bench.images(images)

    def trained():
        results = bench.program.new_folder('trained')
        bench.program.run(results, bench.program.sweep('encode', ae2_grid(1, [0]), images))
        return results

    def ours(_):
        here = bench.program.clone(bench.once(('trained', images), trained), ['load', 'train'])
        finished = bench.program.run(here, bench.program.sweep('encode', ae2_grid(1, [0]), images))
        found = artifacts(here, 'encode', 'autoencoder')[-1]
        return Measurement(found.seconds, images, max(finished.peak_mib, found.peak_mib), note=f'{bench.threads} threads for the task')

    def peer(tuned, _):
        return bench.peer(tuned, 'encode.py', file, '--out', bench.program.new_folder('torch') / 'latents.npy')

    return Case('d', f'AE2 encoding {images} images',
                'the `encode` task\'s wall time against a loop over the images; both also decode for every image\'s error '
                'and write the latents\' .npy', ours, both(bench, peer, 1.0, 1.15), unit='images/s')


def row_e(bench):
    images, epochs, seeds = bench.images_at_most(bench.size(2125, 128)), 1, list(range(6))
    results, file = bench.images(images)

    def ours(_):
        here = bench.program.clone(results, ['load'])
        grid = ae2_grid(epochs, seeds)
        finished = bench.program.run(here, bench.program.sweep('trainings', {**grid, 'threads': 1}, images))
        trained, encoded = artifacts(here, 'train'), artifacts(here, 'encode', 'autoencoder')
        span = max(a.finished_at for a in trained) - min(a.finished_at - a.seconds for a in trained)
        return Measurement(span, images * epochs * len(seeds), max([finished.peak_mib, *(a.peak_mib for a in trained)]),
                           {'MSE': sum(a.metrics['recon_mse'] for a in encoded) / len(encoded)},
                           note=f'{bench.threads} workers, one thread each; memory is one worker\'s')

    def peer(tuned, _):
        return bench.peer(tuned, 'train.py', file, '--epochs', epochs, '--seeds', *seeds)

    yield Case('e', f'six AE2 trainings, {images} images, {epochs} epoch, {bench.threads} threads a side',
               'from the start of the sweep\'s first `train` task to the end of its last (the sweep encodes too, some of it meanwhile), '
               f'against a loop over six seeds with {bench.threads} threads', ours, both(bench, peer, 1.4), unit='images/s', qualities=judged(bench),
               note=rate_note(bench, file))
