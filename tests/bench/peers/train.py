"""Trainings of AE2 or another built-in architecture in a loop, from uint8 images in memory to trained weights; times the loop.

On a GPU after two untimed batches. --vae N: a variational autoencoder with N latents, on the CPU.
"""
import numpy

from architectures import ARCHITECTURES
from autoencoder import Autoencoder, Variational, add_device, set_flags, two_batches, what_it_ran_on
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--epochs', type=int, default=1)
parser.add_argument('--architecture', default='AE2', choices=ARCHITECTURES)
parser.add_argument('--seeds', type=int, nargs='+', default=[0])
parser.add_argument('--vae', type=int, default=0, metavar='N')
add_device(parser)
a = parser.parse_args()
set_threads(a.threads)
set_flags(a.threads > 0, a.device, a.precision)
images = numpy.load(a.images)


def trained(pixels, epochs, seed):
    if a.vae:
        model = Variational(pixels, seed, a.vae, a.threads > 0)
    else:
        model = Autoencoder(pixels, seed, tuned=a.threads > 0, device=a.device, precision=a.precision,
                            architecture=a.architecture)
    model.train(epochs)
    return model


if a.device != 'cpu':
    trained(two_batches(images), 1, 0)
with Timer() as timer:
    models = [trained(images, a.epochs, seed) for seed in a.seeds]
errors, losses = [model.encode()[1] for model in models], [model.last_loss() for model in models]
say(seconds=timer.seconds, work=len(images) * a.epochs * len(a.seeds),
    quality={'MSE': sum(errors) / len(errors), **({'loss': sum(losses) / len(losses)} if a.vae else {})},
    note=what_it_ran_on(a.device, a.precision))
