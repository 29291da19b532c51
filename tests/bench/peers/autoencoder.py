"""The built-in architectures in PyTorch, on the CPU or a GPU, as a careful person writes it and as it usually is: model, training, encoding.
No main."""
from contextlib import nullcontext
from pathlib import Path

import numpy
import torch
from torch import nn

from architectures import ARCHITECTURES


BATCH = 128


def add_device(parser):
    parser.add_argument('--device', default='cpu', help='cpu, cuda or cuda:N')
    parser.add_argument('--precision', default='float32', choices=['float32', 'tf32', 'bfloat16'], help='tf32: on a GPU only')


def is_gpu(device):
    return torch.device(device).type == 'cuda'


def set_flags(tuned, device, precision):
    """Of the whole process. As usually written float32 is what the installed PyTorch makes of it."""
    if not is_gpu(device):
        if precision == 'tf32':
            raise SystemExit('tf32 takes a GPU')
        return
    torch.backends.cudnn.benchmark = tuned
    if tuned or precision == 'tf32':
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == 'tf32'


def what_it_ran_on(device, precision):
    threads = f'{torch.get_num_threads()} threads'
    if is_gpu(device):
        tf32 = 'may' if torch.backends.cudnn.allow_tf32 else 'may not'
        return f'{precision} on {torch.cuda.get_device_name(device)}, cuDNN {tf32} use TF32, {threads}'
    return threads if precision == 'float32' else f'{precision}, {threads}'


def two_batches(images):
    """For an untimed start on a GPU: a whole batch and one as large as the last, so that cuDNN has seen both."""
    return images[:BATCH + (len(images) % BATCH or BATCH)]


def scale(images, memory_format, device):
    """uint8 N×H×W×C to floats on [-1, 1], N×C×H×W; what numpy holds is channels_last already."""
    pixels = torch.from_numpy(images).to(device).permute(0, 3, 1, 2)
    return pixels.to(torch.float32, memory_format=memory_format).div_(127.5).sub_(1)


def made(architecture, channels, side, latent, seed):
    torch.manual_seed(seed)
    encoder, decoder = ARCHITECTURES[architecture](channels, side)
    if latent and architecture == 'AE2':
        values = 256 * (side // 8) ** 2
        encoder = nn.Sequential(encoder, nn.Flatten(), nn.Linear(values, latent))
        decoder = nn.Sequential(nn.Linear(latent, values), nn.Unflatten(1, (256, side // 8, side // 8)), decoder)
    elif latent:
        encoder, decoder = nn.Sequential(encoder, nn.Linear(256, latent)), nn.Sequential(nn.Linear(latent, 256), decoder)
    return encoder, decoder


class Autoencoder:
    """Tuned: channels_last. On a GPU moreover: all images there at once, a fused Adam, and nothing waits for a batch's loss."""

    def __init__(self, images, seed=0, latent=None, tuned=False, device='cpu', precision='float32', architecture='AE2'):
        self.images, self.seed, self.tuned, self.device, self.precision = images, seed, tuned, torch.device(device), precision
        self.on_gpu = is_gpu(device)
        self.format = torch.channels_last if tuned else torch.contiguous_format
        self.encoder, self.decoder = (part.to(self.device, memory_format=self.format)
                                      for part in made(architecture, images.shape[3], images.shape[1], latent, seed))

    def pixels(self):
        return scale(self.images, self.format, self.device if self.tuned else 'cpu')

    def autocast(self):
        return torch.autocast(self.device.type, dtype=torch.bfloat16) if self.precision == 'bfloat16' else nullcontext()

    def wait(self):
        """Until the GPU has done what was asked of it."""
        if self.on_gpu:
            torch.cuda.synchronize(self.device)

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
        self.wait()

    def parameters(self):
        return [*self.encoder.parameters(), *self.decoder.parameters()]

    def loss(self, batch):
        return nn.functional.mse_loss(self.decoder(self.encoder(batch)).float(), batch)

    def train(self, epochs):
        pixels, logged = self.pixels(), []
        order = torch.Generator().manual_seed(self.seed)
        fused = {'fused': True} if self.on_gpu and self.tuned else {}
        optimizer = torch.optim.Adam(self.parameters(), lr=1e-3, **fused)
        self.encoder.train(), self.decoder.train()
        for _ in range(epochs):
            self.losses = []
            permutation = torch.randperm(len(pixels), generator=order).to(pixels.device)
            for start in range(0, len(pixels), BATCH):
                batch = pixels[permutation[start:start + BATCH]].contiguous(memory_format=self.format).to(self.device)
                optimizer.zero_grad(set_to_none=True)
                with self.autocast():
                    loss = self.loss(batch)
                loss.backward()
                optimizer.step()
                self.losses.append((loss.detach(), len(batch)))
                if self.on_gpu and not self.tuned:
                    logged.append(loss.item())
        self.wait()

    def last_loss(self):
        """The mean over the last epoch."""
        return sum(float(loss) * count for loss, count in self.losses) / sum(count for _, count in self.losses)

    @torch.no_grad()
    def encode(self):
        """Returns (latents N×D, the mean squared error of the reconstructions)."""
        self.encoder.eval(), self.decoder.eval()
        pixels, latents, error = self.pixels(), [], 0.0
        for start in range(0, len(pixels), BATCH):
            batch = pixels[start:start + BATCH].to(self.device)
            with self.autocast():
                code = self.encoder(batch)
                decoded = self.decoder(code)
            lost, code = ((decoded.float() - batch) ** 2).mean(), code.float().flatten(1)
            if not (self.on_gpu and self.tuned):
                lost, code = lost.item(), code.cpu()
            error += lost * len(batch)
            latents.append(code)
        return torch.cat(latents).cpu().numpy(), float(error) / len(pixels)


class Variational(Autoencoder):
    """The encoder's last layer gives the means, a layer beside it the logarithms of the variances."""

    def __init__(self, images, seed, latent, tuned):
        super().__init__(images, seed, latent, tuned)
        self.log_variance = nn.Linear(self.encoder[-1].in_features, latent)
        self.values = images[0].size

    def parameters(self):
        return [*super().parameters(), *self.log_variance.parameters()]

    def loss(self, batch):
        """The evidence lower bound with the sign of a loss, divided by the values of an image."""
        features = self.encoder[:-1](batch)
        mean, log_variance = self.encoder[-1](features), self.log_variance(features)
        decoded = self.decoder(mean + torch.randn_like(mean) * (log_variance * 0.5).exp())
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean() * 0.5
        return nn.functional.mse_loss(decoded, batch) + divergence / self.values
