"""Loads an exported encoder as its user would, without latentgrid, and prints what real_export_test.cpp asks about it as JSON.

load_encoder.py encoder.pt images.npy latents.npy model.json
"""
import json
import sys

import numpy as np
import torch
from torch import nn

CLASSES = {'conv2d': nn.Conv2d, 'conv_transpose2d': nn.ConvTranspose2d, 'max_pool2d': nn.MaxPool2d, 'avg_pool2d': nn.AvgPool2d,
           'adaptive_avg_pool2d': nn.AdaptiveAvgPool2d, 'pixel_shuffle': nn.PixelShuffle, 'upsample': nn.Upsample,
           'batch_norm1d': nn.BatchNorm1d, 'batch_norm2d': nn.BatchNorm2d, 'layer_norm': nn.LayerNorm, 'group_norm': nn.GroupNorm,
           'relu': nn.ReLU, 'leaky_relu': nn.LeakyReLU, 'elu': nn.ELU, 'selu': nn.SELU, 'silu': nn.SiLU, 'gelu': nn.GELU,
           'softplus': nn.Softplus, 'tanh': nn.Tanh, 'sigmoid': nn.Sigmoid, 'dropout': nn.Dropout, 'dropout2d': nn.Dropout2d,
           'flatten': nn.Flatten, 'unflatten': nn.Unflatten, 'linear': nn.Linear}


class Residual(nn.Module):
    def __init__(self, description):
        super().__init__()
        self.layers = nn.Sequential(*map(layer, description['layers']))
        if description['projection']:
            self.projection = nn.Sequential(*map(layer, description['projection']))

    def forward(self, x):
        return self.layers(x) + (self.projection(x) if hasattr(self, 'projection') else x)


def layer(description):
    if description['type'] == 'residual':
        return Residual(description)
    arguments = {name: tuple(value) if isinstance(value, list) else value for name, value in description.items()}
    if description['type'] == 'unflatten':
        arguments['dim'] = 1
    if arguments.get('mode') == 'nearest':
        del arguments['align_corners']
    return CLASSES[arguments.pop('type')](**arguments)


def types(descriptions):
    for one in descriptions:
        yield one['type']
        yield from types([*one.get('layers', []), *one.get('projection', [])])


def difference(latents):
    """The largest |a - b| / (1 + |b|) from what the sweep encoded."""
    return float(np.max(np.abs(latents.numpy() - expected) / (1 + np.abs(expected))))


encoder_file, images_file, latents_file, model_file = sys.argv[1:]
torch.set_num_threads(1)
encoder = torch.jit.load(encoder_file)
images = torch.from_numpy(np.load(images_file))
expected = np.load(latents_file)
scaled = images.permute(0, 3, 1, 2).float() / 127.5 - 1
with open(model_file) as file:
    layers = json.load(file)['encoder']
rebuilt = nn.Sequential(*map(layer, layers)).eval()
rebuilt.load_state_dict(encoder.state_dict())
with torch.no_grad():
    sequential = rebuilt(scaled).flatten(1)
print(json.dumps({
    'forward': difference(encoder(scaled)),
    'one by one': difference(torch.cat([encoder(image[None]) for image in scaled])),
    'encode_uint8': difference(encoder.encode_uint8(images)),
    'frozen': difference(torch.jit.freeze(encoder)(scaled)),
    'sequential': difference(sequential),
    'shape': list(encoder(scaled).shape),
    'dtype': str(encoder(scaled).dtype),
    'latent_dim': encoder.latent_dim,
    'input_shape': list(encoder.input_shape),
    'training': encoder.training,
    'layers': sorted(set(types(layers))),
}))
