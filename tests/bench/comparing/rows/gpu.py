"""Row gpu: training and encoding AE2, and exact t-SNE, on a GPU."""
from ..case import Case, Contender, Measurement
from ..dataset import npy_shape
from ..latentgrid import artifacts
from .training import ENCODED_ALIKE, LIBTORCH, ae2_flops, ae2_grid, judged
from .tsne import filling_in_kl, kl_quality, latentgrid_tsne, unfinished

ANOTHER_SEED = 1000  # of the trainings that go before
STARTED = ('both sides have started CUDA and its libraries before: latentgrid\'s worker {ours}, the peer in the same process on two '
           'batches. Uploading the images is timed on both sides')
TUNED = 'tuned besides: all images on the GPU at once, scaled there, cudnn.benchmark, {adam}no wait for a batch\'s error. As usually ' \
        'written: images scaled on the CPU and sent batch by batch, .item() of every batch\'s error, TF32 in float32 as PyTorch has it'


def row_gpu(bench):
    if not bench.gpu:
        raise OSError('row gpu needs a GPU, and the peers\' PyTorch sees none (--python names another Python)')
    images = bench.images_at_most(bench.size(8500, 512))
    for precision in ('float32', 'tf32', 'bfloat16'):
        yield training_case(bench, images, bench.size(4, 1), precision)
    yield encoding_case(bench, images)
    yield tsne_case(bench, bench.points('latent32', images), 8, 250)


def last(found):
    return max(found, key=lambda artifact: artifact.finished_at)


def errors_by_seed(bench, results):
    return {row['seed']: row['recon_mse'] for row in bench.program.query(results, 'SELECT seed, recon_mse FROM results')}


def one_after_the_other(bench, results, epochs, seeds, images, precision):
    """One worker does the jobs of all seeds."""
    section = {'device': 'cuda', 'precision': precision}
    return bench.program.run(results, bench.program.sweep('on_gpu', ae2_grid(epochs, seeds), images, train=section), workers=1)


def measured(found, work, finished, error):
    return Measurement(found.seconds, work, max(finished.peak_mib, found.peak_mib), {'MSE': error},
                       note=f'on {found.record["provenance"]["device"]}')


def both(measure, precision):
    """As usually written cuDNN takes TF32 for float32: other arithmetic, against which float32's target isn't judged."""
    group = 'PyTorch with TF32' if precision == 'float32' else ''
    return [Contender('PyTorch', True, lambda run: measure(True, run), 1.0),
            Contender('PyTorch', False, lambda run: measure(False, run), group=group)]


def training_case(bench, images, epochs, precision):
    results, file = bench.images(images)
    flops = ae2_flops(npy_shape(file))

    def ours(run):
        here = bench.program.clone(results, ['load'])
        finished = one_after_the_other(bench, here, epochs, [ANOTHER_SEED + 2 * run, run], images, precision)
        trained = last(artifacts(here, 'train'))
        return measured(trained, images * epochs, finished, errors_by_seed(bench, here)[trained.seed])

    def peer(tuned, run):
        return bench.peer(tuned, 'train.py', file, '--epochs', epochs, '--seeds', run, '--device', 'cuda', '--precision', precision)

    def rate(side):
        return f'{flops / 1e9:.3f} GFLOP an image: {flops / side.seconds_for_one / 1e12:.3g} TFLOP/s'

    return Case('gpu', f'one AE2 training on the GPU in {precision}, {images} images, {epochs} epoch{"s" if epochs > 1 else ""}',
                'the wall time of the later of two `train` tasks of one worker, from reading the uint8 images\' .npy to its '
                f'checkpoint written ({LIBTORCH}), against the training loop, from uint8 images in memory to trained weights; batch 128; '
                f'{STARTED.format(ours="in the training before, of the same images with another seed")}; '
                f'{TUNED.format(adam="a fused Adam, ")}; both report the mean squared error over all images in eval mode afterwards, in '
                'the same precision, median over seeds',
                ours, both(peer, precision), unit='images/s', qualities=judged(bench, 1), note=rate)


def encoding_case(bench, images):
    _, file = bench.images(images)
    seeds = [0, ANOTHER_SEED]
    timed = {}  # seed of the model, by run

    def train():
        results = bench.program.new_folder('trained')
        one_after_the_other(bench, results, 1, seeds, images, 'float32')
        return results

    def trained():
        return bench.once(('trained on the GPU', images), train)

    def ours(run):
        here = bench.program.clone(trained(), ['load', 'train'])
        finished = one_after_the_other(bench, here, 1, seeds, images, 'float32')
        encoded = last(artifacts(here, 'encode', 'autoencoder'))
        error = encoded.metrics['recon_mse']
        timed[run] = {value: seed for seed, value in errors_by_seed(bench, here).items()}[error]
        return measured(encoded, images, finished, error)

    def peer(tuned, run):
        checkpoint = next(a.folder for a in artifacts(trained(), 'train') if a.seed == timed[run])
        return bench.peer(tuned, 'encode.py', file, '--checkpoint', checkpoint, '--out', bench.program.new_folder('torch') / 'latents.npy',
                          '--device', 'cuda')

    return Case('gpu', f'AE2 encoding {images} images on the GPU in float32',
                'the wall time of the later of two `encode` tasks of one worker, from reading the images\' .npy and the checkpoint '
                f'({LIBTORCH}), against a loop over the images in memory with the same checkpoint\'s weights; both write the '
                'latents\' .npy and decode too, for the error; '
                f'{STARTED.format(ours="in the encoding before, with the weights of another seed")}; {TUNED.format(adam="")}',
                ours, both(peer, 'float32'), unit='images/s', qualities=[ENCODED_ALIKE])


def tsne_case(bench, points, dim, iterations):
    parameters = {'dim': dim, 'repulsion': 'exact', 'iterations': iterations}
    return Case('gpu', f't-SNE {dim}-D of {points.size}, exact repulsion on the GPU, {iterations} iterations',
                f'{points.says}; the `reduce` task\'s wall time, from reading the points\' .npy to writing the artifact, with affinities, '
                f'neighbors and, on the GPU, CUDA\'s start, which the first t-SNE of a worker waits for; both sides have {bench.threads} '
                'threads. KL divergence: computed over all pairs in float64 by one function from both embeddings and scikit-learn\'s '
                'affinities between 91 neighbors; of the first run',
                lambda _: latentgrid_tsne(bench, points, {**parameters, 'device': 'cuda'}),
                [Contender('latentgrid on the CPU', None, lambda _: latentgrid_tsne(bench, points, parameters))],
                qualities=[kl_quality()], after=filling_in_kl(bench, points, ['KL'], 'nearest'), note=lambda _: unfinished(iterations))
