"""Trials of an objective that does nothing, under Optuna's GridSampler in SQLite; times study.optimize.

Tuned: SQLite's write-ahead log, as durable (synchronous=FULL) and quicker to commit.
"""
import math

import optuna
import sqlalchemy.event

from common import Timer, arguments, say

parser = arguments(__doc__)
parser.add_argument('database')
parser.add_argument('--grid', type=int, default=10000)
parser.add_argument('--trials', type=int, default=300)
a = parser.parse_args()
optuna.logging.set_verbosity(optuna.logging.WARNING)
storage = optuna.storages.RDBStorage('sqlite:///' + a.database)
if a.threads:
    def write_ahead(connection, _):
        connection.execute('PRAGMA journal_mode=WAL')
        connection.execute('PRAGMA synchronous=FULL')

    sqlalchemy.event.listen(storage.engine, 'connect', write_ahead)
    storage.engine.dispose()  # connections from before

# Four axes, as a real grid has: GridSampler keeps every axis's values with every trial, so one long axis would be its worst case.
values = math.ceil(a.grid ** 0.25)
axes = {name: range(values) for name in ('architecture', 'latent_dim', 'reduction', 'seed')}
study = optuna.create_study(storage=storage, sampler=optuna.samplers.GridSampler(axes))
with Timer() as timer:
    study.optimize(lambda trial: float(sum(trial.suggest_int(name, 0, values - 1) for name in axes)), n_trials=a.trials)
say(seconds=timer.seconds, work=a.trials, note=f'{a.trials} trials of a grid of {a.grid}')
