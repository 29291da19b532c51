"""Two random views of an image, as SimCLR trains on them: a crop, a flip, color jitter, gray. As a careful person writes it and as it usually is.
No main."""
from math import log

import torch
from torch.nn.functional import grid_sample
from torchvision import transforms

SCALE, RATIO = (0.2, 1.0), (0.75, 1.333)  # of a crop's area to the image's, of its width to its height
FLIPPED, JITTERED, GRAY = 0.5, 0.8, 0.2   # shares of the images
STRENGTH, HUE = 0.4, 0.1                  # of brightness, contrast and saturation; of the hue, in turns
ATTEMPTS = 10                             # at a crop that fits, as torchvision has them
PLACES = torch.tensor([5.0, 3.0, 1.0]).view(1, 3, 1, 1)  # of red, green and blue on the circle of colors


def usual(side):
    """torchvision's transforms of one PIL image."""
    return transforms.Compose([
        transforms.RandomResizedCrop(side, SCALE, RATIO), transforms.RandomHorizontalFlip(FLIPPED),
        transforms.RandomApply([transforms.ColorJitter(STRENGTH, STRENGTH, STRENGTH, HUE)], JITTERED), transforms.RandomGrayscale(GRAY),
        transforms.ToTensor(), transforms.Normalize([0.5] * 3, [0.5] * 3)])


def batched(images):
    """All images of a batch at once, each by numbers of its own; only the order of the colors' changes is the batch's.

    N×3×H×W floats on [0, 1], contiguous, to as many on [-1, 1]."""
    view = cropped_and_flipped(images)
    jittered = (torch.rand(len(view), 1, 1, 1) < JITTERED).float()
    for change in torch.randperm(4).tolist():
        (brightness, contrast, saturation, hue)[change](view, jittered)
    blend(view, luminance(view), (torch.rand_like(jittered) >= GRAY).float())
    return view.mul_(2).sub_(1)


def cropped_and_flipped(images):
    count, _, height, width = images.shape
    left, top, w, h = boxes(count, height, width)
    x = inside((torch.arange(width) + 0.5) * (w / width) - 0.5, w) + left
    y = inside((torch.arange(height) + 0.5) * (h / height) - 0.5, h) + top
    x = torch.where(torch.rand(count, 1) < FLIPPED, x.flip(1), x)
    across, down = (2 * x + 1) / width - 1, (2 * y + 1) / height - 1  # as grid_sample counts
    grid = torch.stack([across[:, None, :].expand(count, height, width), down[:, :, None].expand(count, height, width)], 3)
    return grid_sample(images, grid, padding_mode='border', align_corners=False)


def boxes(count, height, width):
    """The first of some attempts at a box that fits, else the whole image: left, top, width and height, N×1 each."""
    area = height * width * torch.empty(count, ATTEMPTS).uniform_(*SCALE)
    ratio = torch.empty(count, ATTEMPTS).uniform_(*map(log, RATIO)).exp_()
    w, h = (area * ratio).sqrt_().round_(), (area / ratio).sqrt_().round_()
    fits = (w > 0) & (w <= width) & (h > 0) & (h <= height)
    first, any_fits = fits.float().argmax(1, keepdim=True), fits.any(1, keepdim=True)
    w = torch.where(any_fits, w.gather(1, first), torch.tensor(float(width)))
    h = torch.where(any_fits, h.gather(1, first), torch.tensor(float(height)))
    return (torch.rand(count, 1) * (width - w + 1)).floor_(), (torch.rand(count, 1) * (height - h + 1)).floor_(), w, h


def inside(positions, length):
    """As far as the middles of a crop's first and last pixel: what is outside isn't seen."""
    return torch.minimum(positions.clamp_(min=0), length - 1)


def luminance(view):
    return (view[:, :1] * 0.2989).add_(view[:, 1:2], alpha=0.587).add_(view[:, 2:], alpha=0.114)


def blend(view, other, share):
    """share of the view, the rest of the other, in place; where share is 1 the view stays as it is."""
    view.mul_(share).add_(other * (1 - share)).clamp_(0, 1)


def drawn(strength, jittered):
    """Within strength of 0, and 0 where the colors aren't jittered."""
    return torch.empty_like(jittered).uniform_(-strength, strength).mul_(jittered)


def brightness(view, jittered):
    view.mul_(1 + drawn(STRENGTH, jittered)).clamp_(0, 1)


def contrast(view, jittered):
    blend(view, luminance(view).mean((1, 2, 3), keepdim=True), 1 + drawn(STRENGTH, jittered))


def saturation(view, jittered):
    blend(view, luminance(view), 1 + drawn(STRENGTH, jittered))


def hue(view, jittered):
    """Turned in HSV. A channel is value - chroma·clamp(min(k, 4 - k), 0, 1), k being the hue in sixths and the channel's place, modulo 6."""
    r, g, b = view[:, :1], view[:, 1:2], view[:, 2:]
    value = torch.maximum(torch.maximum(r, g), b)
    chroma = value - torch.minimum(torch.minimum(r, g), b)
    of_red = (value == r).float()
    of_green = (value == g).float().mul_(1 - of_red)
    sixths = (g - b).mul_(of_red).add_((b - r).add_(chroma, alpha=2).mul_(of_green))
    sixths.add_((r - g).add_(chroma, alpha=4).mul_(1 - of_red - of_green)).div_(chroma.clamp(min=1e-12)).add_(drawn(HUE, jittered), alpha=6)
    k = sixths + PLACES
    k.sub_(torch.floor(k / 6), alpha=6)
    view.copy_(value - torch.minimum(k, 4 - k).clamp_(0, 1).mul_(chroma))
