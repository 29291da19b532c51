"""Trainings of AE2 or another built-in architecture in a loop, from uint8 images in memory to trained weights; times the loop. On a GPU after two untimed batches."""
import numpy

from architectures import ARCHITECTURES
from autoencoder import Autoencoder, add_device, set_flags, two_batches, what_it_ran_on
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--epochs', type=int, default=1)
parser.add_argument('--architecture', default='AE2', choices=ARCHITECTURES)
parser.add_argument('--seeds', type=int, nargs='+', default=[0])
add_device(parser)
a = parser.parse_args()
set_threads(a.threads)
set_flags(a.threads > 0, a.device, a.precision)
images = numpy.load(a.images)


def trained(pixels, epochs, seed):
    model = Autoencoder(pixels, seed, tuned=a.threads > 0, device=a.device, precision=a.precision,
                        architecture=a.architecture)
    model.train(epochs)
    return model


if a.device != 'cpu':
    trained(two_batches(images), 1, 0)
with Timer() as timer:
    models = [trained(images, a.epochs, seed) for seed in a.seeds]
errors = [model.encode()[1] for model in models]
say(seconds=timer.seconds, work=len(images) * a.epochs * len(a.seeds), quality={'MSE': sum(errors) / len(errors)},
    note=what_it_ran_on(a.device, a.precision))
