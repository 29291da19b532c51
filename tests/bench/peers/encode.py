"""AE2 with a checkpoint's weights over all images, in eval mode without gradients, with their error; times it with the latents' .npy."""
import numpy
import torch

from autoencoder import Autoencoder
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--checkpoint', required=True, help='a train artifact of latentgrid')
parser.add_argument('--out', required=True)
a = parser.parse_args()
set_threads(a.threads)
model = Autoencoder(numpy.load(a.images), channels_last=a.threads > 0)
model.load(a.checkpoint)
with Timer() as timer:
    latents, error = model.encode()
    numpy.save(a.out, latents)
say(seconds=timer.seconds, work=len(latents), quality={'MSE': error}, note=f'{torch.get_num_threads()} threads')
