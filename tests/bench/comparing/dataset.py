"""The images that both sides get: Fashion-MNIST as Debian installs it, or a folder with trainX.npy and trainY.npy."""
import ast
import gzip
import struct
from pathlib import Path

FASHION = Path('/usr/share/datasets/fashion-mnist')


def npy_shape(path):
    with open(path, 'rb') as file:
        magic, major = file.read(6), file.read(2)[0]
        if magic != b'\x93NUMPY':
            raise ValueError(f'{path} is no .npy file')
        size = struct.unpack('<H', file.read(2))[0] if major == 1 else struct.unpack('<I', file.read(4))[0]
        return tuple(ast.literal_eval(file.read(size).decode('latin1'))['shape'])


class Dataset:
    def __init__(self, folder=None):
        if folder:
            folder = Path(folder).resolve()
            self.name, self.images, self.labels, self.pad_to = folder.name, folder / 'trainX.npy', folder / 'trainY.npy', None
            shape = npy_shape(self.images)
            self.count, self.gray = shape[0], len(shape) == 3 or shape[3] == 1
        else:
            self.name, self.pad_to, self.gray = 'Fashion-MNIST', 32, True
            self.images, self.labels = FASHION / 'train-images-idx3-ubyte.gz', FASHION / 'train-labels-idx1-ubyte.gz'
            with gzip.open(self.images) as file:
                self.count = struct.unpack('>4i', file.read(16))[1]

    def section(self, images, channels=None):
        """The `dataset` of a sweep on the first `images` images; with so many channels, whatever they have."""
        out = {'name': 'compared', 'images': str(self.images), 'labels': str(self.labels), 'limit': min(images, self.count)}
        if self.pad_to:
            out['pad_to'] = self.pad_to
        if channels:
            out['channels'] = channels
        return out
