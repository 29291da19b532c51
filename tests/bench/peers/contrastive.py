"""SimCLR with a built-in encoder, from uint8 images in memory to trained weights; times the loop, and tells the last epoch's loss.

With --threads: whole batches are augmented at once. As usually written: image by image, in the two workers of a DataLoader.
"""
import numpy
import torch
import torchvision
from PIL import Image
from torch import nn
from torch.nn.functional import cross_entropy, normalize

import augmentations
from architectures import ARCHITECTURES
from common import Timer, arguments, say, set_threads

WORKERS = 2  # of the DataLoader


def encoder_with_head(architecture, channels, side, projection):
    encoder, _ = ARCHITECTURES[architecture](channels, side)
    return nn.Sequential(encoder, nn.Linear(256, 256), nn.ReLU(True), nn.Linear(256, projection))


def nt_xent(projections, temperature):
    """The rows' second half are the other views of the first, in the same order."""
    rows = len(projections)
    unit = normalize(projections)
    similarities = (unit @ unit.t() / temperature).fill_diagonal_(-torch.inf)
    return cross_entropy(similarities, torch.arange(rows).add_(rows // 2).remainder_(rows))


class Pairs(torch.utils.data.Dataset):
    def __init__(self, images):
        self.images, self.augmented = images, augmentations.usual(images.shape[1])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index])
        return self.augmented(image), self.augmented(image)


def usual_batches(images, size):
    """A function that gives an epoch's batches as two views each."""
    loader = torch.utils.data.DataLoader(Pairs(images), size, shuffle=True, num_workers=WORKERS)
    return lambda: loader


def tuned_batches(images, size):
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()

    def epoch():
        for chosen in torch.randperm(len(pixels)).split(size):
            batch = pixels[chosen].float().div_(255)
            yield augmentations.batched(batch), augmentations.batched(batch)
    return epoch


def train(model, epoch, epochs, memory_format, temperature):
    """The mean loss of each epoch."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = []
    model.train()
    for _ in range(epochs):
        total, count = 0.0, 0
        for views in epoch():
            optimizer.zero_grad(set_to_none=True)
            loss = nt_xent(model(torch.cat(views).contiguous(memory_format=memory_format)), temperature)
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(views[0]), count + len(views[0])
        losses.append(total / count)
    return losses


def main():
    parser = arguments(__doc__)
    parser.add_argument('images')
    parser.add_argument('--architecture', default='conv5', choices=[name for name in ARCHITECTURES if name != 'AE2'])
    parser.add_argument('--epochs', type=int, default=1)
    parser.add_argument('--batch', type=int, default=256)
    parser.add_argument('--temperature', type=float, default=0.5)
    parser.add_argument('--projection', type=int, default=128)
    parser.add_argument('--seed', type=int, default=0)
    a = parser.parse_args()
    set_threads(a.threads)
    tuned = a.threads > 0
    images = numpy.load(a.images)
    torch.manual_seed(a.seed)
    memory_format = torch.channels_last if tuned else torch.contiguous_format
    with Timer() as timer:
        model = encoder_with_head(a.architecture, images.shape[3], images.shape[1], a.projection).to(memory_format=memory_format)
        epoch = (tuned_batches if tuned else usual_batches)(images, a.batch)
        losses = train(model, epoch, a.epochs, memory_format, a.temperature)
    how = 'whole batches augmented at once' if tuned else f'torchvision {torchvision.__version__} in {WORKERS} workers of a DataLoader'
    say(seconds=timer.seconds, work=len(images) * a.epochs, quality={'NT-Xent': losses[-1]},
        note=f'{torch.get_num_threads()} threads, {how}')


if __name__ == '__main__':
    main()
