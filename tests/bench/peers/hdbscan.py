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
a = parser.parse_args()
with tempfile.TemporaryDirectory() as folder:
    table, labels = Path(folder) / 'points.csv', Path(folder) / 'labels.txt'
    numpy.savetxt(table, points_in_memory(a.points), delimiter=',', fmt='%.9g')
    command = ['Rscript', Path(__file__).with_suffix('.R'), table, str(a.min_points), labels]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    numpy.save(a.out, numpy.loadtxt(labels, dtype=numpy.int32) - 1)
say(files=[a.out], **said)
