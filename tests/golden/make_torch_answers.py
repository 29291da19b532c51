#!/usr/bin/python3
"""Prints the fixed answers of tests/unit/nn (optimizer, training options), made with PyTorch's Python front end.

Made once with Debian 12's python3-torch 1.13. Five steps on one batch; weights from torch.manual_seed(7) and PyTorch's default
initialisation; the batch is x[i] = sin(0.37 i) over 4x3x8x8 values.
"""
import torch, torch.nn as nn


def model():
    torch.manual_seed(7)
    return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(128, 6),
                         nn.Linear(6, 128), nn.Unflatten(1, (8, 4, 4)), nn.ConvTranspose2d(8, 3, 2, 2), nn.Tanh())


def run(make):
    net = model()
    x = torch.sin(0.37 * torch.arange(4 * 3 * 8 * 8, dtype=torch.float64)).float().reshape(4, 3, 8, 8)
    opt = make(net.parameters())
    losses = []
    for _ in range(5):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x), x)
        loss.backward()
        opt.step()
        losses.append(round(loss.item(), 7))
    return losses


def rates(make):
    p = nn.Parameter(torch.zeros(1))
    opt = torch.optim.SGD([p], lr=0.1)
    schedule = make(opt)
    out = []
    for _ in range(7):
        out.append(round(opt.param_groups[0]['lr'], 12))
        opt.step()
        schedule.step()
    return out


torch.set_num_threads(1)
print('first weights', [round(v, 7) for v in model()[0].weight.flatten()[:3].tolist()])
print('adam', run(lambda p: torch.optim.Adam(p, lr=1e-2)))
print('adam, weight decay', run(lambda p: torch.optim.Adam(p, lr=1e-2, weight_decay=0.1, betas=(0.8, 0.99), eps=1e-6)))
print('sgd', run(lambda p: torch.optim.SGD(p, lr=0.5)))
print('sgd, momentum, weight decay', run(lambda p: torch.optim.SGD(p, lr=0.5, momentum=0.9, weight_decay=0.01)))
print('step', rates(lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5)))
print('cosine', rates(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 7)))
