"""AE2 in PyTorch, as a careful person writes it: model, training, encoding. No main."""
from pathlib import Path

import numpy
import torch
from torch import nn


def scale(images, memory_format):
    """uint8 N×H×W×C to floats on [-1, 1], N×C×H×W; what numpy holds is channels_last already."""
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2)
    return pixels.to(torch.float32, memory_format=memory_format).div_(127.5).sub_(1)


def ae2(channels, side, latent, seed):
    torch.manual_seed(seed)
    encoder = nn.Sequential(
        nn.Conv2d(channels, 64, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(64), nn.MaxPool2d(2, 2),
        nn.Conv2d(64, 128, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(128), nn.MaxPool2d(2, 2),
        nn.Conv2d(128, 256, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(256), nn.MaxPool2d(2, 2))
    decoder = nn.Sequential(
        nn.ConvTranspose2d(256, 128, 2, 2), nn.ReLU(True), nn.ConvTranspose2d(128, 64, 2, 2), nn.ReLU(True),
        nn.ConvTranspose2d(64, channels, 2, 2), nn.Tanh())
    if latent:
        values = 256 * (side // 8) ** 2
        encoder = nn.Sequential(encoder, nn.Flatten(), nn.Linear(values, latent))
        decoder = nn.Sequential(nn.Linear(latent, values), nn.Unflatten(1, (256, side // 8, side // 8)), decoder)
    return encoder, decoder


class Autoencoder:
    def __init__(self, images, seed=0, latent=None, channels_last=False, batch=128):
        self.images, self.batch, self.seed = images, batch, seed
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.encoder, self.decoder = (part.to(memory_format=self.format)
                                      for part in ae2(images.shape[3], images.shape[1], latent, seed))

    @torch.no_grad()
    def load(self, checkpoint):
        """The weights that latentgrid trained: NNN_<name>.npy, parameters first, then batch norm's buffers."""
        parts = self.encoder, self.decoder
        tensors = [t for part in parts for t in part.parameters()] + [t for part in parts for t in part.buffers()]
        for tensor, file in zip(tensors, sorted(Path(checkpoint).glob('[0-9][0-9][0-9]_*.npy')), strict=True):
            values = torch.from_numpy(numpy.load(file))
            if values.shape != tensor.shape:
                raise ValueError(f'{file} has shape {tuple(values.shape)}, the model {tuple(tensor.shape)}')
            tensor.copy_(values)

    def train(self, epochs):
        pixels = scale(self.images, self.format)
        order = torch.Generator().manual_seed(self.seed)
        optimizer = torch.optim.Adam([*self.encoder.parameters(), *self.decoder.parameters()], lr=1e-3)
        self.encoder.train(), self.decoder.train()
        for _ in range(epochs):
            permutation = torch.randperm(len(pixels), generator=order)
            for start in range(0, len(pixels), self.batch):
                batch = pixels[permutation[start:start + self.batch]].contiguous(memory_format=self.format)
                optimizer.zero_grad(set_to_none=True)
                nn.functional.mse_loss(self.decoder(self.encoder(batch)), batch).backward()
                optimizer.step()

    @torch.no_grad()
    def encode(self):
        """Returns (latents N×D, the mean squared error of the reconstructions)."""
        self.encoder.eval(), self.decoder.eval()
        pixels, latents, error = scale(self.images, self.format), [], 0.0
        for start in range(0, len(pixels), self.batch):
            batch = pixels[start:start + self.batch]
            code = self.encoder(batch)
            error += ((self.decoder(code) - batch) ** 2).mean().item() * len(batch)
            latents.append(code.flatten(1))
        return torch.cat(latents).numpy(), error / len(pixels)
