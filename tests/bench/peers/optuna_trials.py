"""Trials of an objective that does nothing, under Optuna's GridSampler in SQLite; times study.optimize, of all processes.

Tuned: SQLite's write-ahead log, as durable (synchronous=FULL), and a minute's patience with a locked database.
"""
import math
import multiprocessing

import optuna
import sqlalchemy.event

from common import Timer, arguments, say

# Four axes, as a real grid has: GridSampler keeps every axis's values with every trial, so one long axis would be its worst case.
AXES = 'architecture', 'latent_dim', 'reduction', 'seed'
NAME = 'no-op'
PATIENCE = 60  # seconds


def write_ahead(connection, _):
    connection.execute('PRAGMA journal_mode=WAL')
    connection.execute('PRAGMA synchronous=FULL')


def new_storage(a):
    patience = {'connect_args': {'timeout': PATIENCE}} if a.threads else None
    storage = optuna.storages.RDBStorage('sqlite:///' + a.database, engine_kwargs=patience)
    if a.threads:
        sqlalchemy.event.listen(storage.engine, 'connect', write_ahead)
        storage.engine.dispose()  # connections from before
    return storage


class Part:
    """One process's part of the trials."""

    def __init__(self, a, process):
        self.n_jobs, self.values = a.n_jobs, math.ceil(a.grid ** 0.25)
        self.trials = a.trials // a.processes + (process < a.trials % a.processes)
        sampler = optuna.samplers.GridSampler({name: range(self.values) for name in AXES}, seed=process)
        self.study = optuna.load_study(study_name=NAME, storage=new_storage(a), sampler=sampler)

    def objective(self, trial):
        return float(sum(trial.suggest_int(name, 0, self.values - 1) for name in AXES))

    def run(self):
        self.study.optimize(self.objective, n_trials=self.trials, n_jobs=self.n_jobs)


def other_process(a, process, ready):
    part = Part(a, process)
    ready.wait(PATIENCE)
    part.run()


def seconds_of_all(a):
    """From when all processes are ready until the last has ended."""
    ready = multiprocessing.Barrier(a.processes)
    others = [multiprocessing.Process(target=other_process, args=(a, process, ready)) for process in range(1, a.processes)]
    for other in others:
        other.start()
    part = Part(a, 0)
    ready.wait(PATIENCE)
    with Timer() as timer:
        part.run()
        for other in others:
            other.join()
    if any(other.exitcode for other in others):
        raise SystemExit('a process of the study failed')
    return timer.seconds


def main():
    parser = arguments(__doc__)
    parser.add_argument('database')
    parser.add_argument('--grid', type=int, default=10000)
    parser.add_argument('--trials', type=int, default=300)
    parser.add_argument('--processes', type=int, default=1)
    parser.add_argument('--n-jobs', type=int, default=1, help='threads of each')
    a = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = new_storage(a)
    optuna.create_study(study_name=NAME, storage=storage)
    storage.remove_session(), storage.engine.dispose()  # no connection goes into the other processes
    seconds = seconds_of_all(a)
    trials = optuna.load_study(study_name=NAME, storage=new_storage(a)).trials
    again = len(trials) - len({trial.system_attrs['grid_id'] for trial in trials})
    say(seconds=seconds, work=len(trials),
        note=f'{len(trials)} trials of a grid of {a.grid}, {again or "none"} of them of a cell tried before')


main()
