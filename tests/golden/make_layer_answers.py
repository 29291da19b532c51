#!/usr/bin/python3
"""Writes layer_answers.json beside this script: what layers and whole architectures give in PyTorch's Python front end, with parameters
and inputs from a formula (hashed() here and in tests/unit/nn/layer_answers_test.cpp). A residual is torchvision's BasicBlock.

Needs Debian's python3-torch and python3-torchvision (made with 1.13.1 and 0.14.1).
"""
import json
import pathlib

import numpy
import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, conv1x1, conv3x3


def hashed(count, stream):
    """count numbers in [-1, 1) that have nothing to do with each other."""
    wave = numpy.sin((numpy.arange(count, dtype=numpy.float64) + 1) * 12.9898 + stream * 78.233) * 43758.5453
    return torch.from_numpy(2 * (wave - numpy.floor(wave)) - 1).float()


@torch.no_grad()
def fill(module):
    """Stream 1, 2, ... in the order of the parameters, then of the buffers; variances and norms' weights are positive."""
    stream = 0
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if not tensor.is_floating_point():
            continue
        stream += 1
        values = hashed(tensor.numel(), stream).reshape(tensor.shape)
        if name.endswith('running_var') or (tensor.dim() == 1 and name.endswith('weight')):
            values = 1.25 + 0.5 * values
        elif tensor.dim() > 1:
            values = values * (3 / tensor[0].numel()) ** 0.5
        tensor.copy_(values)


def rounded(tensor):
    return [float(f'{value:.7g}') for value in tensor.double().flatten().tolist()]


def case(layers, module, shape, training=True):
    fill(module)
    module.train(training)
    x = hashed(int(numpy.prod(shape)), 0).reshape(shape)
    with torch.no_grad():
        y = module(x)
    return {'layers': layers, 'input': shape, 'training': training, 'shape': list(y.shape), 'output': rounded(y)}


def block(inputs, outputs, stride):
    down = None
    if stride != 1 or inputs != outputs:
        down = nn.Sequential(conv1x1(inputs, outputs, stride), nn.BatchNorm2d(outputs))
    return BasicBlock(inputs, outputs, stride, down)


def described_block(inputs, outputs, stride):
    """BasicBlock, with the ReLU behind the sum as a layer of its own."""
    def conv(a, b, s):
        return {'type': 'conv2d', 'in_channels': a, 'out_channels': b, 'kernel_size': 3, 'stride': s, 'padding': 1, 'bias': False}
    norm = {'type': 'batch_norm2d', 'num_features': outputs}
    residual = {'type': 'residual', 'layers': [conv(inputs, outputs, stride), norm, {'type': 'relu'}, conv(outputs, outputs, 1), norm],
                'projection': []}
    if stride != 1 or inputs != outputs:
        residual['projection'] = [{**conv(inputs, outputs, stride), 'kernel_size': 1, 'padding': 0}, norm]
    return [residual, {'type': 'relu'}]


def layer_cases():
    image, vector = [3, 4, 6, 5], [5, 12]
    same = {'type': 'conv2d', 'in_channels': 4, 'out_channels': 2, 'kernel_size': [4, 3], 'dilation': [1, 2], 'padding': 'same'}
    yield case([same], nn.Conv2d(4, 2, (4, 3), padding='same', dilation=(1, 2)), image)
    yield case([{**same, 'padding_mode': 'replicate'}],
               nn.Conv2d(4, 2, (4, 3), padding='same', dilation=(1, 2), padding_mode='replicate'), image)
    for training in (True, False):
        norm = {'type': 'batch_norm1d', 'num_features': 12, 'eps': 0.01}
        yield case([norm], nn.BatchNorm1d(12, eps=0.01), vector, training)
        yield case(described_block(4, 4, 1), block(4, 4, 1), image, training)
        yield case(described_block(4, 6, 2), block(4, 6, 2), image, training)
    yield case([{'type': 'layer_norm', 'normalized_shape': [4, 6, 5]}], nn.LayerNorm([4, 6, 5]), image)
    yield case([{'type': 'layer_norm', 'normalized_shape': [5], 'eps': 0.1}], nn.LayerNorm(5, eps=0.1), image)
    yield case([{'type': 'layer_norm', 'normalized_shape': 12, 'elementwise_affine': False}],
               nn.LayerNorm(12, elementwise_affine=False), vector)
    yield case([{'type': 'group_norm', 'num_groups': 2, 'num_channels': 4}], nn.GroupNorm(2, 4), image)
    yield case([{'type': 'group_norm', 'num_groups': 3, 'num_channels': 12, 'eps': 0.1, 'affine': False}],
               nn.GroupNorm(3, 12, eps=0.1, affine=False), vector)
    yield case([{'type': 'selu'}], nn.SELU(), vector)
    yield case([{'type': 'elu', 'alpha': 0.6}], nn.ELU(0.6), vector)
    yield case([{'type': 'silu'}], nn.SiLU(), vector)
    yield case([{'type': 'softplus'}], nn.Softplus(), vector)
    yield case([{'type': 'softplus', 'beta': 3, 'threshold': 1}], nn.Softplus(3, 1), vector)
    yield case([{'type': 'pixel_shuffle', 'upscale_factor': 2}], nn.PixelShuffle(2), image)
    yield case([{'type': 'adaptive_avg_pool2d', 'output_size': 1}], nn.AdaptiveAvgPool2d(1), image)
    yield case([{'type': 'adaptive_avg_pool2d', 'output_size': [4, 7]}], nn.AdaptiveAvgPool2d((4, 7)), image)
    yield case([{'type': 'dropout2d', 'p': 0.4}], nn.Dropout2d(0.4), image, False)


def normed(inputs, outputs):
    return [conv3x3(inputs, outputs), nn.BatchNorm2d(outputs), nn.ReLU()]


def conv5(channels, height, width):
    encoder = nn.Sequential(*normed(channels, 32), nn.MaxPool2d(2), *normed(32, 64), nn.MaxPool2d(2), *normed(64, 128), nn.MaxPool2d(2),
                            *normed(128, 256), *normed(256, 256), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    decoder = nn.Sequential(nn.Linear(256, 4096), nn.Unflatten(1, (256, 4, 4)), *normed(256, 256), *normed(256, 128),
                            nn.Upsample((-(-height // 4), -(-width // 4))), *normed(128, 64),
                            nn.Upsample((-(-height // 2), -(-width // 2))), *normed(64, 32), nn.Upsample((height, width)),
                            nn.Conv2d(32, channels, 3, 1, 1), nn.Tanh())
    return encoder, decoder


def small_resnet(channels, height, width):
    encoder = nn.Sequential(*normed(channels, 32), block(32, 32, 1), block(32, 64, 2), block(64, 128, 2), block(128, 256, 2),
                            nn.AdaptiveAvgPool2d(1), nn.Flatten())
    decoder = nn.Sequential(nn.Linear(256, 4096), nn.Unflatten(1, (256, 4, 4)), nn.BatchNorm2d(256), nn.ReLU(), block(256, 128, 1),
                            nn.Upsample((-(-height // 4), -(-width // 4))), block(128, 64, 1),
                            nn.Upsample((-(-height // 2), -(-width // 2))), block(64, 32, 1), nn.Upsample((height, width)),
                            nn.Conv2d(32, channels, 3, 1, 1), nn.Tanh())
    return encoder, decoder


def architecture_cases():
    for name, make in (('conv5', conv5), ('small_resnet', small_resnet)):
        for shape in ([3, 32, 32], [1, 28, 28], [3, 64, 64], [3, 16, 16], [1, 17, 30]):
            encoder, decoder = make(*shape)
            fill(encoder), fill(decoder)
            x = hashed(4 * int(numpy.prod(shape)), 0).reshape(4, *shape)
            with torch.no_grad():
                latents = encoder(x)
                returned = decoder(latents)
            assert list(returned.shape) == [4, *shape]
            yield {'name': name, 'image': shape, 'encoder_parameters': sum(p.numel() for p in encoder.parameters()),
                   'decoder_parameters': sum(p.numel() for p in decoder.parameters()),
                   'latents': rounded(latents[:, ::37]), 'returned': rounded(returned[:, :, ::5, ::7])}


answers = {'layers': list(layer_cases()), 'architectures': list(architecture_cases())}
path = pathlib.Path(__file__).with_name('layer_answers.json')
lines = (f'"{part}": [\n' + ',\n'.join(json.dumps(one, separators=(',', ':')) for one in cases) + '\n]'
         for part, cases in answers.items())
path.write_text('{' + ',\n'.join(lines) + '}\n')
for one in answers['architectures']:
    print(one['name'], one['image'], one['encoder_parameters'], '+', one['decoder_parameters'], 'parameters')
