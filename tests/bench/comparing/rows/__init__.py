"""The rows of the table, by letter: functions that make a row's cases."""
from . import clustering, jobs, pca, sweep, training, tsne

ROWS = {'a': tsne.row_a, 'b': tsne.row_b, 'c': tsne.row_c, 'd': training.row_d, 'e': training.row_e, 'f': pca.row_f,
        'g': clustering.row_g, 'h': sweep.row_h, 'i': tsne.row_i, 'j': jobs.row_j, 'k': jobs.row_k, 'l': jobs.row_l}
