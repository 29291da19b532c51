"""latentgrid's built-in architectures in plain PyTorch: encoder and decoder for images of a number of channels and a side. No main."""
from torch import nn


def ae2(channels, side):
    encoder = nn.Sequential(
        nn.Conv2d(channels, 64, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(64), nn.MaxPool2d(2, 2),
        nn.Conv2d(64, 128, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(128), nn.MaxPool2d(2, 2),
        nn.Conv2d(128, 256, 3, 1, 1), nn.ReLU(True), nn.BatchNorm2d(256), nn.MaxPool2d(2, 2))
    decoder = nn.Sequential(
        nn.ConvTranspose2d(256, 128, 2, 2), nn.ReLU(True), nn.ConvTranspose2d(128, 64, 2, 2), nn.ReLU(True),
        nn.ConvTranspose2d(64, channels, 2, 2), nn.Tanh())
    return encoder, decoder


def normed(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.layers = nn.Sequential(*normed(inputs, outputs, stride), *normed(outputs, outputs)[:2])
        self.projection = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.projection = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.relu = nn.ReLU(True)

    def forward(self, x):
        return self.relu(self.layers(x) + self.projection(x))


def conv5(channels, side):
    encoder = nn.Sequential(*normed(channels, 32), nn.MaxPool2d(2), *normed(32, 64), nn.MaxPool2d(2), *normed(64, 128), nn.MaxPool2d(2),
                            *normed(128, 256), *normed(256, 256), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    decoder = nn.Sequential(nn.Linear(256, 4096), nn.Unflatten(1, (256, 4, 4)), *normed(256, 256), *normed(256, 128), upsample(side, 4),
                            *normed(128, 64), upsample(side, 2), *normed(64, 32), upsample(side, 1),
                            nn.Conv2d(32, channels, 3, 1, 1), nn.Tanh())
    return encoder, decoder


def small_resnet(channels, side):
    encoder = nn.Sequential(*normed(channels, 32), Block(32, 32), Block(32, 64, 2), Block(64, 128, 2), Block(128, 256, 2),
                            nn.AdaptiveAvgPool2d(1), nn.Flatten())
    decoder = nn.Sequential(nn.Linear(256, 4096), nn.Unflatten(1, (256, 4, 4)), nn.BatchNorm2d(256), nn.ReLU(True), Block(256, 128),
                            upsample(side, 4), Block(128, 64), upsample(side, 2), Block(64, 32), upsample(side, 1),
                            nn.Conv2d(32, channels, 3, 1, 1), nn.Tanh())
    return encoder, decoder


def upsample(side, part):
    return nn.Upsample(-(-side // part))


ARCHITECTURES = {'AE2': ae2, 'conv5': conv5, 'small_resnet': small_resnet}
