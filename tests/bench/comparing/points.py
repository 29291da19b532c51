"""Points that latentgrid makes before anything is timed; both sides read the same .npy file."""
from dataclasses import dataclass
from pathlib import Path

from .dataset import npy_shape
from .latentgrid import artifacts

# One cluster, one step: a sweep's jobs end with a clustering, and this one costs nothing.
NO_CLUSTERING = {'kmeans': {'k': 1, 'n_init': 1, 'max_iterations': 1}}

ARCHITECTURES = {  # a small one with 16·(H/2)·(W/2) values: 4096 of 32×32 images
    'conv16': {'encoder': [{'conv2d': ['channels', 16, 3, 2, 1]}, 'relu'],
               'decoder': [{'conv_transpose2d': [16, 'channels', 2, 2]}, 'tanh']}}

KINDS = {
    'latent32': {'grid': {'architecture': {'AE1': {'epochs': 2}}, 'latent_dim': 32}, 'before': [],
                 'says': 'latents of AE1 with a bottleneck of 32, 2 epochs'},
    'latent64': {'grid': {'architecture': {'AE2': {'epochs': 2}}, 'latent_dim': 64}, 'before': [],
                 'says': 'latents of AE2 with a bottleneck of 64, 2 epochs'},
    'conv4096': {'grid': {'architecture': {'conv16': {'epochs': 1}}, 'latent_dim': 'native'}, 'before': [],
                 'says': 'latents of one convolution of 16 channels, 1 epoch'},
    'pca2': {'grid': {'architecture': 'raw'}, 'before': [{'pca': {'dim': 2}}], 'says': 'pixels through PCA 2'},
    'pca10': {'grid': {'architecture': 'raw'}, 'before': [{'pca': {'dim': 10}}], 'says': 'pixels through PCA 10'},
    'pca50': {'grid': {'architecture': 'raw'}, 'before': [{'pca': {'dim': 50}}], 'says': 'pixels through PCA 50'},
}
STAGES = ['load', 'train', 'encode', 'reduce']


@dataclass
class Points:
    results: Path   # has everything up to the points, nothing after them
    images: int
    grid: dict      # of a sweep whose jobs use these points
    before: list    # reductions that lead to them
    file: Path
    says: str

    shape = property(lambda self: npy_shape(self.file))
    size = property(lambda self: '×'.join(map(str, self.shape)))

    def sweep(self, program, name, reduction, clustering=None):
        """A sweep of one job: a reduction of the points (None: as they are), a clustering."""
        chain = self.before + ([reduction] if reduction else [])
        grid = {**self.grid, 'reduction': [chain if len(chain) > 1 else chain[0] if chain else 'none'],
                'clustering': clustering or NO_CLUSTERING, 'seeds': [0]}
        return program.sweep(name, grid, self.images, architectures=ARCHITECTURES)

    def fresh(self, program):
        return program.clone(self.results, STAGES)


def make_points(program, kind, images):
    spec = KINDS[kind]
    results = program.new_folder('points')
    points = Points(results, images, spec['grid'], spec['before'], None, spec['says'])
    program.run(results, points.sweep(program, 'points', None))
    if spec['before']:
        points.file = artifacts(results, 'reduce', 'pca')[-1].folder / 'embedding.npy'
    else:
        points.file = artifacts(results, 'encode')[-1].folder / 'latents.npy'
    return points


def make_images(program, dataset):
    """A results folder with the images of such a section alone; returns (it, its images.npy: uint8 N×H×W×C)."""
    results = program.new_folder('images')
    grid = {'architecture': 'raw', 'reduction': 'none', 'clustering': NO_CLUSTERING, 'seeds': [0]}
    program.run(results, program.sweep('images', grid, dataset=dataset))
    return results, artifacts(results, 'load')[-1].folder / 'images.npy'
