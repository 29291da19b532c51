#!/usr/bin/python3
"""Writes torchvision_answers.json beside this script: small images and what torchvision 0.14.1 (Debian 12) makes of them.

Images and answers are C, H, W. torchvision computes in float64 but for Gaussian weights, which it makes in float32. Run it only to
add answers; the tests compare with the file that is kept.
"""
import json
import pathlib

import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

torch.manual_seed(20261129)


def image(channels, height, width):
    """Bytes, as images have them; among them black, white, grays and colors with two equal channels."""
    pixels = torch.randint(0, 256, (channels, height, width))
    flat = pixels.view(channels, -1)
    special = torch.tensor([[0, 0, 0], [255, 255, 255], [90, 90, 90], [200, 200, 10], [10, 200, 200], [200, 10, 200], [255, 0, 0]])
    for i in range(min(len(special), flat.shape[1] // 2)):
        flat[:, 2 * i] = special[i, :channels]
    return pixels


def rounded(tensor):
    return [float('%.7g' % v) for v in tensor.flatten().tolist()]


def answer(name, params, x, y):
    channels, height, width = x.shape
    return {'operation': name, **params, 'channels': channels, 'height': height, 'width': width, 'pixels': x.flatten().tolist(),
            'result': rounded(y)}


def answers():
    for channels, height, width in ((3, 6, 7), (1, 5, 4), (3, 1, 9), (3, 3, 8)):
        x = image(channels, height, width)
        v = x.to(torch.float64) / 255
        yield answer('flip', {}, x, F.hflip(v))
        for padding, top, left in ((2, 0, 0), (2, 3, 1), (2, 2, 2), (3, 6, 5), (9, 18, 9)):
            y = F.crop(F.pad(v, [padding] * 4, fill=0), top, left, height, width)
            yield answer('crop', {'padding': padding, 'top': top, 'left': left}, x, y)
        for factor in (0, 0.63, 1, 1.4):
            yield answer('brightness', {'factor': factor}, x, F.adjust_brightness(v, factor))
            yield answer('contrast', {'factor': factor}, x, F.adjust_contrast(v, factor))
            yield answer('saturation', {'factor': factor}, x, F.adjust_saturation(v, factor))
        for factor in (-0.5, -0.1, 0, 0.07, 0.31, 0.5):
            yield answer('hue', {'factor': factor}, x, F.adjust_hue(v, factor))
        yield answer('luminance', {}, x, F.rgb_to_grayscale(v, channels))
        for h, w in ((height, width), (max(1, height - 2), width - 1), (1, 1), (max(1, height // 2), width // 2)):
            top, left = height - h, (width - w) // 2
            y = F.resized_crop(v, top, left, h, w, [height, width], InterpolationMode.BILINEAR)
            yield answer('resized_crop', {'box': [top, left, h, w]}, x, y)
        for x_radius, y_radius, sigma in ((1, 1, 0.5), (3, 2, 0.7), (3, 2, 2.0), (2, 1, 0.1), (0, 0, 1.0)):
            x_radius, y_radius = min(x_radius, width - 1), min(y_radius, height - 1)
            y = F.gaussian_blur(v, [2 * x_radius + 1, 2 * y_radius + 1], [sigma, sigma])
            yield answer('blur', {'x_radius': x_radius, 'y_radius': y_radius, 'sigma': sigma}, x, y)
        h, w = max(1, height - 2), width // 2
        yield answer('erase', {'box': [height - h, 1, h, w]}, x, F.erase(v, height - h, 1, h, w, torch.zeros(1, dtype=v.dtype)))
        for degrees in (0, 15, -33.3, 90, 180, -135, 7.25):
            yield answer('rotate', {'degrees': degrees}, x, F.rotate(v, degrees, InterpolationMode.BILINEAR))


path = pathlib.Path(__file__).with_name('torchvision_answers.json')
lines = ',\n'.join(json.dumps(one) for one in answers())
path.write_text('{"operations": [\n' + lines + '\n]}\n')
