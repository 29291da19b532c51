#!/usr/bin/env python3
"""How long a folder of pictures takes to read: the first time, and again from the remembered digest.

    tests/bench/pictures/pictures.py --bin build/bin                 # 60,000 PNG files of 32x32, 3 runs
    tests/bench/pictures/pictures.py --bin build/bin --pictures 5000 --runs 1

What is timed is `latentgrid run --dry-run` into an empty results folder (every picture is decoded for the digest), then,
behind a first `run`, the same again, when each picture is asked for its size and times only. The peer is a loop
that opens each picture with Pillow and copies it into one numpy array, as one would write it by hand.
All runs read the same folder, which is in the page cache. Needs python3-numpy and python3-pil.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image


def make_pictures(folder, count):
    numbers = numpy.random.default_rng(0)
    for i in range(count):
        inside = os.path.join(folder, f"class{i % 10}")
        os.makedirs(inside, exist_ok=True)
        coarse = numbers.integers(0, 256, (8, 8, 3), dtype=numpy.uint8)
        Image.fromarray(coarse).resize((32, 32), Image.BICUBIC).save(os.path.join(inside, f"{i}.png"))


def seconds_of(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def read_with_pillow(folder, count):
    images = numpy.empty((count, 32, 32, 3), numpy.uint8)
    i = 0
    for inside in sorted(os.listdir(folder)):
        for name in sorted(os.listdir(os.path.join(folder, inside))):
            with Image.open(os.path.join(folder, inside, name)) as picture:
                images[i] = numpy.asarray(picture.convert("RGB"))
            i += 1
    assert i == count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the folder of latentgrid")
    parser.add_argument("--pictures", type=int, default=60000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    program = os.path.abspath(os.path.join(options.bin, "latentgrid"))

    with tempfile.TemporaryDirectory() as folder:
        pictures = os.path.join(folder, "pictures")
        make_pictures(pictures, options.pictures)
        time.sleep(3)  # files younger than two seconds are not remembered
        sweep = os.path.join(folder, "sweep.yaml")
        with open(sweep, "w") as out:
            out.write("name: pictures\ndataset: {images: pictures}\n"
                      "grid: {architecture: raw, reduction: [{pca: {dim: 2}}], clustering: {kmeans: {k: 2, n_init: 1}}, seeds: [0]}\n")

        def latentgrid(results, *arguments):
            command = [program, "--results", os.path.join(folder, results), "run", sweep, "-q", *arguments]
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)

        times = {"first": [], "again": [], "Pillow": []}
        latentgrid("known")  # remembers the digest
        for run in range(options.runs):
            times["first"].append(seconds_of(lambda: latentgrid(f"fresh{run}", "--dry-run")))
            times["again"].append(seconds_of(lambda: latentgrid("known", "--dry-run")))
            times["Pillow"].append(seconds_of(lambda: read_with_pillow(pictures, options.pictures)))

        print(f"{options.pictures} PNG files of 32x32, {os.cpu_count()} CPUs, {options.runs} runs in turn: median (least to most)\n")
        print("| read | s | Pillow / this |\n|---|---|---|")
        pillow = statistics.median(times["Pillow"])
        for name, seconds in times.items():
            median = statistics.median(seconds)
            print(f"| {name} | {median:.2f} ({min(seconds):.2f} to {max(seconds):.2f}) | {pillow / median:.1f} |")


if __name__ == "__main__":
    main()
