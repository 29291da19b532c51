"""AE2 with a checkpoint's weights over all images, in eval mode without gradients, with their error; times it with the latents' .npy.

On a GPU after two untimed batches.
"""
import numpy

from autoencoder import Autoencoder, add_device, set_flags, two_batches, what_it_ran_on
from common import Timer, arguments, say, set_threads

parser = arguments(__doc__)
parser.add_argument('images')
parser.add_argument('--checkpoint', required=True, help='a train artifact of latentgrid')
parser.add_argument('--out', required=True)
add_device(parser)
a = parser.parse_args()
set_threads(a.threads)
set_flags(a.threads > 0, a.device, a.precision)
images = numpy.load(a.images)
if a.device != 'cpu':
    Autoencoder(two_batches(images), tuned=a.threads > 0, device=a.device, precision=a.precision).encode()
model = Autoencoder(images, tuned=a.threads > 0, device=a.device, precision=a.precision)
model.load(a.checkpoint)
with Timer() as timer:
    latents, error = model.encode()
    numpy.save(a.out, latents)
say(seconds=timer.seconds, work=len(latents), quality={'MSE': error}, note=what_it_ran_on(a.device, a.precision))
