"""The rows, by name: functions that make a row's cases."""
from ..settings import PACKAGES
from . import clustering, contrastive, field, gpu, jobs, pca, sweep, training, tsne

# Those of the table.
ROWS = {'a': tsne.row_a, 'b': tsne.row_b, 'c': tsne.row_c, 'd': training.row_d, 'e': training.row_e, 'f': pca.row_f,
        'g': clustering.row_g, 'h': sweep.row_h, 'i': tsne.row_i, 'j': jobs.row_j, 'k': jobs.row_k, 'l': jobs.row_l,
        'm': field.row_m, 'n': field.row_n, 'o': field.row_o, 'p': field.row_p, 'q': clustering.row_q, 'r': field.row_r,
        's': sweep.row_s, 't': contrastive.row_t, 'u': training.row_u, 'v': contrastive.row_v, 'w': training.row_w}
# Those that only --rows asks for: not every machine can run them.
EXTRA = {'gpu': gpu.row_gpu}

USUAL = ['numpy', 'torch', 'sklearn', 'optuna']
NEEDS = {'gpu': ['numpy', 'torch', 'sklearn'], 'm': ['numpy', 'sklearn', 'umap'], 's': ['numpy', 'sklearn', 'umap'],
         **{row: ['numpy', 'sklearn'] for row in 'nopqr'}, 't': ['numpy', 'torch', 'torchvision', 'sklearn'],
         **{row: ['numpy', 'torch', 'sklearn'] for row in 'uvw'}}


def needed_modules(rows):
    """The peers' modules for these rows: all of them, unless NEEDS says less."""
    needed = {module for row in rows for module in NEEDS.get(row, USUAL)}
    return [module for module in PACKAGES if module in needed]
