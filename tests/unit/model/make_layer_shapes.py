#!/usr/bin/python3
"""Writes layer_shapes.json beside this script: layers with random arguments, and the shapes that PyTorch gives them (null where it
refuses). Needs Debian's python3-torch (made with 1.13.1)."""
import json
import pathlib
import random

import torch
import torch.nn as nn

MODULES = {'conv2d': nn.Conv2d, 'conv_transpose2d': nn.ConvTranspose2d, 'max_pool2d': nn.MaxPool2d, 'avg_pool2d': nn.AvgPool2d,
           'upsample': nn.Upsample, 'batch_norm2d': nn.BatchNorm2d, 'relu': nn.ReLU, 'leaky_relu': nn.LeakyReLU, 'gelu': nn.GELU,
           'tanh': nn.Tanh, 'sigmoid': nn.Sigmoid, 'dropout': nn.Dropout, 'flatten': nn.Flatten, 'unflatten': nn.Unflatten,
           'linear': nn.Linear}
# Later ones, behind what was drawn before them.
MORE_MODULES = {'batch_norm1d': nn.BatchNorm1d, 'layer_norm': nn.LayerNorm, 'group_norm': nn.GroupNorm, 'elu': nn.ELU, 'selu': nn.SELU,
                'silu': nn.SiLU, 'softplus': nn.Softplus, 'dropout2d': nn.Dropout2d, 'pixel_shuffle': nn.PixelShuffle,
                'adaptive_avg_pool2d': nn.AdaptiveAvgPool2d, 'conv2d, same': nn.Conv2d}
r = random.Random(1)


def pair(low, high):
    return [r.randint(low, high), r.randint(low, high)]


def arguments(layer, shape):
    c = shape[0]
    if layer in ('conv2d', 'conv_transpose2d'):
        a = {'in_channels': c if r.random() < .95 else c + 1, 'out_channels': r.choice([1, 2, 4, 6]), 'kernel_size': pair(1, 5),
             'stride': pair(1, 3), 'padding': pair(0, 2), 'dilation': pair(1, 2), 'groups': r.choice([1, 1, 1, 2])}
        if layer == 'conv_transpose2d':
            a['output_padding'] = pair(0, 2)
        else:
            a['padding_mode'] = r.choice(['zeros', 'zeros', 'reflect', 'replicate', 'circular'])
        return a
    if layer == 'max_pool2d':
        return {'kernel_size': pair(1, 4), 'stride': pair(1, 3), 'padding': pair(0, 2), 'dilation': pair(1, 2),
                'ceil_mode': r.random() < .5}
    if layer == 'avg_pool2d':
        return {'kernel_size': pair(1, 4), 'stride': pair(1, 3), 'padding': pair(0, 2), 'ceil_mode': r.random() < .5}
    if layer == 'upsample':
        mode = r.choice(['nearest', 'bilinear', 'bicubic'])
        return {'mode': mode, **({'size': pair(1, 40)} if r.random() < .3
                                 else {'scale_factor': [r.choice([.3, .5, 1.5, 2.0, 3.0]), r.choice([.5, 2.0, 2.7])]})}
    if layer == 'batch_norm2d':
        return {'num_features': c if r.random() < .7 else c + 1}
    if layer == 'unflatten':
        return {'dim': 1, 'unflattened_size': r.choice([[2, 3, 4], [c, 1, 1], [1, c, 1], [2, 2, 2]])}
    if layer == 'linear':
        return {'in_features': c if r.random() < .7 else c + 1, 'out_features': r.randint(1, 9)}
    if layer == 'batch_norm1d':
        return {'num_features': c if r.random() < .7 else c + 1}
    if layer == 'layer_norm':
        sizes = shape[-r.randint(1, len(shape)):]
        return {'normalized_shape': sizes if r.random() < .7 else [sizes[0] + 1, *sizes[1:]]}
    if layer == 'group_norm':
        return {'num_groups': r.randint(1, 4), 'num_channels': c if r.random() < .8 else c + 1}
    if layer == 'pixel_shuffle':
        return {'upscale_factor': r.choice([1, 2, 2, 3])}
    if layer == 'adaptive_avg_pool2d':
        return {'output_size': pair(1, 25)}
    if layer == 'conv2d, same':
        return {'in_channels': c, 'out_channels': 2, 'kernel_size': pair(1, 5), 'dilation': pair(1, 2),
                'stride': r.choice([[1, 1], [1, 1], [1, 1], [1, 2]]), 'padding': 'same',
                'padding_mode': r.choice(['zeros', 'zeros', 'reflect', 'replicate'])}
    return {}


def case(layer):
    flat = layer in ('unflatten', 'linear', 'batch_norm1d') or (layer in ('layer_norm', 'group_norm') and r.random() < .3)
    shape = [r.choice([24, 8, 5])] if flat else [r.choice([1, 2, 3, 4]), r.randint(1, 20), r.randint(1, 20)]
    given = arguments(layer, shape)
    module = dict(given)
    for name in ('kernel_size', 'stride', 'padding', 'dilation', 'output_padding', 'size', 'scale_factor', 'unflattened_size'):
        if isinstance(module.get(name), list):
            module[name] = tuple(module[name])
    try:
        output = list({**MODULES, **MORE_MODULES}[layer](**module).eval()(torch.zeros(1, *shape)).shape[1:])
    except (RuntimeError, ValueError):
        output = None
    return {'layer': layer.split(',')[0], 'arguments': {k: v for k, v in given.items() if k != 'dim'}, 'input': shape, 'output': output}


counts = {'conv2d': 120, 'conv_transpose2d': 120, 'max_pool2d': 80, 'avg_pool2d': 80, 'upsample': 40, 'unflatten': 12, 'linear': 12,
          'batch_norm2d': 12}
cases = [case(layer) for layer in MODULES for _ in range(counts.get(layer, 3))]
counts = {'batch_norm1d': 8, 'layer_norm': 30, 'group_norm': 30, 'pixel_shuffle': 20, 'adaptive_avg_pool2d': 20, 'conv2d, same': 60}
cases += [case(layer) for layer in MORE_MODULES for _ in range(counts.get(layer, 3))]
path = pathlib.Path(__file__).with_name('layer_shapes.json')
path.write_text('[\n' + ',\n'.join(json.dumps(c) for c in cases) + '\n]\n')
print(len(cases), 'cases,', sum(c['output'] is None for c in cases), 'refused')
