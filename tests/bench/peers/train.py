"""AE2 trainings in a loop, from uint8 images in memory to trained weights; times the loop."""
import numpy
import torch

from autoencoder import Autoencoder
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--epochs', type=int, default=1)
parser.add_argument('--seeds', type=int, nargs='+', default=[0])
a = parser.parse_args()
set_threads(a.threads)
images = numpy.load(a.images)
trained = []
with Timer() as timer:
    for seed in a.seeds:
        trained.append(Autoencoder(images, seed, channels_last=a.threads > 0))
        trained[-1].train(a.epochs)
errors = [model.encode()[1] for model in trained]
say(seconds=timer.seconds, work=len(images) * a.epochs * len(a.seeds), quality={'MSE': sum(errors) / len(errors)},
    note=f'{torch.get_num_threads()} threads')
