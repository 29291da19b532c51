"""dbscan::hdbscan of R (r-cran-dbscan) of points in memory; times the call."""
import json
import subprocess
import tempfile
from pathlib import Path

import numpy

from common import arguments, points_in_memory, say

parser = arguments(__doc__)
parser.add_argument('points')
parser.add_argument('--min-points', type=int, default=5)
parser.add_argument('--out', required=True, help='a .npy file for the labels, -1 for noise')
parser.add_argument('--tree', required=True, help='a .npy file for the hierarchy: of each step the parts that it merges (a point, or points + a step), and the height')
a = parser.parse_args()
with tempfile.TemporaryDirectory() as folder:
    table, labels, merges = Path(folder) / 'points.csv', Path(folder) / 'labels.txt', Path(folder) / 'merges.txt'
    numpy.savetxt(table, points_in_memory(a.points), delimiter=',', fmt='%.9g')
    command = ['Rscript', Path(__file__).with_suffix('.R'), table, str(a.min_points), labels, merges]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    numpy.save(a.out, numpy.loadtxt(labels, dtype=numpy.int32) - 1)
    tree = numpy.loadtxt(merges)
    tree[:, :2] = numpy.where(tree[:, :2] < 0, -tree[:, :2] - 1, len(tree) + tree[:, :2])  # R's points are -1, -2, ..., its steps 1, 2, ...
    numpy.save(a.tree, tree)
say(files=[a.out, a.tree], **said)
