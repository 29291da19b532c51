"""Trials of an objective that does nothing, under Optuna's GridSampler in SQLite; times study.optimize.

Tuned: SQLite's write-ahead log, as durable (synchronous=FULL) and quicker to commit.
"""
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

study = optuna.create_study(storage=storage, sampler=optuna.samplers.GridSampler({'job': range(a.grid)}))
with Timer() as timer:
    study.optimize(lambda trial: float(trial.suggest_int('job', 0, a.grid - 1) >= 0), n_trials=a.trials)
say(seconds=timer.seconds, work=a.trials, note=f'{a.trials} trials of a grid of {a.grid}')
