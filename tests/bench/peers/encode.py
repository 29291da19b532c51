"""AE2 over all images, in eval mode without gradients, with every image's error; times it with the latents' .npy.

The weights are an untrained network's: they don't change the time.
"""
import numpy
import torch

from autoencoder import Autoencoder
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--out', required=True)
a = parser.parse_args()
set_threads(a.threads)
model = Autoencoder(numpy.load(a.images), channels_last=a.threads > 0)
with Timer() as timer:
    latents, _ = model.encode()
    numpy.save(a.out, latents)
say(seconds=timer.seconds, work=len(latents), note=f'{torch.get_num_threads()} threads')
