"""The peers of contrastive and variational training: their augmentation beside torchvision's, their losses by their definitions.

Run by a Python with PyTorch and torchvision; without them there is nothing to try.
"""
import importlib.util
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / 'peers'))
if any(importlib.util.find_spec(module) is None for module in ('numpy', 'torch', 'torchvision')):
    print(f'{sys.executable} has no PyTorch or no torchvision: not tried')
    sys.exit(77)

import numpy                                                              # noqa: E402
import torch                                                              # noqa: E402
from torchvision.transforms import functional                             # noqa: E402

import augmentations                                                      # noqa: E402
import contrastive                                                        # noqa: E402
from autoencoder import Variational                                       # noqa: E402

torch.set_num_threads(1)
CHANGES = {'brightness': functional.adjust_brightness, 'contrast': functional.adjust_contrast,
           'saturation': functional.adjust_saturation, 'hue': functional.adjust_hue}


def some_images(count=24, side=16):
    """Random ones, a gray one, a black one and a white one."""
    images = torch.rand(count, 3, side, side)
    images[0], images[1], images[2] = images[0, :1].clone(), 0, 1
    return images


class Augmentation(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        self.images = some_images()

    def changed(self, name, amounts):
        view = self.images.clone()
        with mock.patch.object(augmentations, 'drawn', lambda *_: amounts.view(-1, 1, 1, 1)):
            getattr(augmentations, name)(view, torch.ones(len(view), 1, 1, 1))
        return view

    def test_each_change_of_color_is_torchvisions(self):
        for name, change in CHANGES.items():
            largest, middle = (augmentations.HUE, 0) if name == 'hue' else (augmentations.STRENGTH, 1)
            amounts = torch.empty(len(self.images)).uniform_(-largest, largest)
            expected = torch.stack([change(image, middle + float(amount)) for image, amount in zip(self.images, amounts)])
            torch.testing.assert_close(self.changed(name, amounts), expected, atol=1e-5, rtol=0)
            torch.testing.assert_close(self.changed(name, 0 * amounts), self.images, atol=1e-5, rtol=0)

    def test_crops_are_torchvisions_of_the_same_boxes(self):
        torch.manual_seed(1)
        views = augmentations.cropped_and_flipped(self.images)
        torch.manual_seed(1)
        boxes = torch.cat(augmentations.boxes(len(self.images), 16, 16), 1).int().tolist()
        flipped = torch.rand(len(self.images), 1) < augmentations.FLIPPED
        for image, view, (left, top, width, height), flip in zip(self.images, views, boxes, flipped):
            expected = functional.resized_crop(image, top, left, height, width, [16, 16], antialias=False)
            torch.testing.assert_close(view, expected.flip(2) if flip else expected, atol=1e-5, rtol=0)
        self.assertTrue(0 < int(flipped.sum()) < len(flipped))

    def test_boxes_are_inside_and_as_large_as_asked(self):
        left, top, width, height = augmentations.boxes(4000, 32, 32)
        self.assertTrue(bool(((left >= 0) & (top >= 0) & (left + width <= 32) & (top + height <= 32)).all()))
        self.assertAlmostEqual(float(width.min()), 12, delta=1.5)   # sqrt(0.2·0.75)·32
        share = width * height / 1024
        self.assertTrue(0.18 < float(share.min()) < 0.22 and 0.97 < float(share.max()) <= 1)
        # A large box seldom fits, and then another one is drawn: a mean below that of the shares, as torchvision's crops have it.
        drawn = [functional_box() for _ in range(4000)]
        self.assertAlmostEqual(float(share.mean()), sum(drawn) / len(drawn), delta=0.02)

    def test_as_many_are_jittered_and_gray_as_asked(self):
        views = augmentations.batched(torch.rand(2000, 3, 8, 8))
        self.assertTrue(-1 <= float(views.min()) and float(views.max()) <= 1)
        gray = ((views.amax(1) - views.amin(1)).flatten(1).amax(1) < 1e-6).float().mean()
        self.assertAlmostEqual(float(gray), augmentations.GRAY, delta=0.04)
        plain = mock.patch.object(augmentations, 'cropped_and_flipped', torch.clone)
        with plain, mock.patch.object(augmentations, 'GRAY', 0.0):
            images = torch.rand(2000, 3, 8, 8) * 0.5 + 0.25
            same = ((augmentations.batched(images.clone()) - (2 * images - 1)).abs().flatten(1).amax(1) < 1e-4).float().mean()
        self.assertAlmostEqual(float(same), 1 - augmentations.JITTERED, delta=0.04)


def functional_box():
    from torchvision.transforms import RandomResizedCrop
    _, _, height, width = RandomResizedCrop.get_params(torch.empty(3, 32, 32), augmentations.SCALE, augmentations.RATIO)
    return height * width / 1024


class Losses(unittest.TestCase):
    def test_nt_xent_is_its_definition(self):
        torch.manual_seed(0)
        points = torch.randn(10, 4)
        unit = (points / points.norm(dim=1, keepdim=True)).double().numpy()
        total = 0.0
        for i in range(10):
            others = [numpy.exp(unit[i] @ unit[j] / 0.5) for j in range(10) if j != i]
            total -= numpy.log(numpy.exp(unit[i] @ unit[(i + 5) % 10] / 0.5) / sum(others))
        self.assertAlmostEqual(float(contrastive.nt_xent(points, 0.5)), total / 10, places=5)

    def test_the_vaes_loss_is_the_error_plus_torchs_divergence_a_value(self):
        images = numpy.random.default_rng(0).integers(0, 256, (12, 16, 16, 1), dtype=numpy.uint8)
        model = Variational(images, 0, 5, False)
        batch = model.pixels()
        model.encoder.eval(), model.decoder.eval()
        torch.manual_seed(3)
        loss = model.loss(batch)
        torch.manual_seed(3)
        features = model.encoder[:-1](batch)
        latents = torch.distributions.Normal(model.encoder[-1](features), (model.log_variance(features) / 2).exp())
        divergence = torch.distributions.kl_divergence(latents, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
        error = ((model.decoder(latents.mean + latents.stddev * torch.randn(12, 5)) - batch) ** 2).mean()
        torch.testing.assert_close(loss, error + divergence / 256)
        self.assertEqual(len(model.parameters()), len([*model.encoder.parameters(), *model.decoder.parameters()]) + 2)


class Programs(unittest.TestCase):
    def said(self, images, *words):
        with tempfile.TemporaryDirectory() as folder:
            numpy.save(f'{folder}/images.npy', images)
            done = subprocess.run([sys.executable, '-B', HERE / 'peers' / words[0], f'{folder}/images.npy', *words[1:]], check=True,
                                  capture_output=True, text=True)
            return json.loads(done.stdout)

    def test_contrastive_training_lowers_its_loss_in_both_ways(self):
        images = numpy.random.default_rng(0).integers(0, 256, (40, 16, 16, 3), dtype=numpy.uint8)
        for threads in ('0', '1'):
            first, last = (self.said(images, 'contrastive.py', '--batch', '16', '--epochs', epochs, '--threads', threads) for epochs in '16')
            self.assertEqual((first['work'], last['work']), (40, 240))
            self.assertLess(last['quality']['NT-Xent'], first['quality']['NT-Xent'])
            self.assertIn('DataLoader' if threads == '0' else 'at once', last['note'])

    def test_variational_training_lowers_its_loss(self):
        images = numpy.repeat(numpy.arange(64, dtype=numpy.uint8) * 4, 256).reshape(64, 16, 16, 1)
        first, last = (self.said(images, 'train.py', '--vae', '4', '--epochs', epochs, '--threads', '1') for epochs in ('1', '20'))
        self.assertLess(last['quality']['loss'], first['quality']['loss'])
        self.assertEqual(sorted(last['quality']), ['MSE', 'loss'])


if __name__ == '__main__':
    unittest.main()
