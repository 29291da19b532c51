"""Rows t and v: contrastive training, and what its augmentation takes of it."""
from ..case import Case, Contender, Limit, Measurement, Quality
from ..latentgrid import artifacts
from ..points import NO_CLUSTERING
from .training import LIBTORCH

CHANNELS, BATCH, TEMPERATURE, PROJECTION = 3, 256, 0.5, 128
SHARE, SHARE_ALLOWED = 'share of an epoch', 0.1
VIEWS = 'random_resized_crop, horizontal_flip, color_jitter and grayscale'


def grid(epochs, seed):
    return {'architecture': {'conv5': {'epochs': epochs}}, 'training': {'contrastive': {'temperature': TEMPERATURE, 'projection_dim': PROJECTION}},
            'latent_dim': 'native', 'reduction': 'none', 'clustering': NO_CLUSTERING, 'seeds': [seed]}


def sweep(bench, images, epochs, seed, figures=()):
    return bench.program.sweep('contrastive', grid(epochs, seed), dataset=bench.dataset.section(images, CHANNELS), train={'batch_size': BATCH},
                               report={'figures': list(figures)})


def color_text(bench):
    if not bench.dataset.gray:
        return ''
    return '. The images are gray, with three equal channels: both sides compute saturation, hue and grayscale, which change nothing'


def row_t(bench):
    images, epochs = bench.images_at_most(bench.size(8500, 512)), bench.size(2, 1)
    results, file = bench.images(images, CHANNELS)

    def ours(run):
        here = bench.program.clone(results, ['load'])
        finished = bench.program.run(here, sweep(bench, images, epochs, run))
        trained = artifacts(here, 'train')[-1]
        return Measurement(trained.seconds, images * epochs, max(finished.peak_mib, trained.peak_mib), {'NT-Xent': trained.metrics['train_loss']},
                           note=f'{bench.threads} threads for the task, and one that augments the next batch meanwhile')

    def peer(tuned):
        return lambda run: bench.peer(tuned, 'contrastive.py', file, '--epochs', epochs, '--batch', BATCH, '--temperature', TEMPERATURE,
                                      '--projection', PROJECTION, '--seed', run)

    allowed = Quality('NT-Xent', '2 % above the peer\'s (seeds differ by as much)', lambda value, other: value > 1.02 * other)
    yield Case('t', f'contrastive training (SimCLR) of conv5, {images} images of {CHANNELS} channels, {epochs} epoch{"s" if epochs > 1 else ""}',
               f'the `train` task\'s wall time, from reading the uint8 images\' .npy to its checkpoint written ({LIBTORCH}), against the training '
               f'loop, from uint8 images in memory to trained weights; two views of every image by {VIEWS}, batch {BATCH} (images, {2 * BATCH} '
               f'views), temperature {TEMPERATURE}, a head of two layers with {PROJECTION} outputs; images/s count an image once, not its two views; '
               'both report the NT-Xent loss, the mean over the last epoch, median over seeds. Tuned besides: a whole batch is augmented at '
               'once by tensor operations, with random numbers of its own for each image, but one order of the four changes of color for all; '
               'that takes much less processor time than torchvision\'s transforms in a DataLoader\'s workers. As usually written: these '
               f'transforms, image by image on PIL, in two workers of a DataLoader{color_text(bench)}',
               ours, [Contender('PyTorch', True, peer(True), 1.5), Contender('PyTorch', False, peer(False))], unit='images/s',
               qualities=[] if bench.quick else [allowed])


def row_v(bench):
    images = bench.images_at_most(bench.size(8500, 512))
    results, _ = bench.images(images, CHANNELS)
    augmented = {'augmented': {'images': list(range(images)), 'views': 2}}

    def ours(run):
        here = bench.program.clone(results, ['load'])
        bench.program.run(here, sweep(bench, images, 1, run))
        trained = artifacts(here, 'train')[-1]
        bench.program.run(here, sweep(bench, images, 1, run, [augmented]), workers=1)
        made = artifacts(here, 'augment')[-1]
        (made.folder / 'views.npy').unlink()  # 24 KiB an image
        seconds = made.record['record']['augmenting_s']
        return Measurement(seconds, images, made.peak_mib, {SHARE: seconds / trained.seconds}, note='one thread')

    yield Case('v', f'augmentation of {images} images of {CHANNELS} channels, two views of each',
               f'the wall time that a task `augment` (what a figure of augmented images needs) takes to make the views of the uint8 images in '
               f'memory, on one thread as in a training: {VIEWS} (`augmenting_s` in its record). The share is of the wall time of '
               f'row t\'s `train` task with one epoch and {bench.threads} threads, run just before with the same images and seed. In a training '
               f'the views of the next batch are made during a batch\'s step{color_text(bench)}', ours, unit='images/s',
               limits=[Limit(f'≤ {SHARE_ALLOWED:.0%} of an epoch', lambda side: side.quality(SHARE) <= SHARE_ALLOWED)])
