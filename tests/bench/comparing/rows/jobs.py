"""Rows j, k and l: many jobs that compute next to nothing."""
import json
from statistics import median

from ..case import Case, Contender, Limit, Measurement
from ..points import NO_CLUSTERING

TINY = {'synthetic': {'images': 20, 'classes': 2, 'channels': 1, 'height': 2, 'width': 2, 'seed': 0, 'noise': 0.1}}


def no_op_sweep(bench, jobs, **sections):
    grid = {'architecture': 'raw', 'reduction': 'none', 'clustering': {'kmeans': {**NO_CLUSTERING['kmeans'], 'k': 2}},
            'seeds': {'range': [0, jobs - 1]}}
    return bench.program.sweep('no_op', grid, dataset=TINY, train={'epochs': 1}, **sections)


def row_j(bench):
    workers = 8 * bench.threads  # they compute nothing: all they do is wait for the disk
    jobs, trials = bench.size((10000, 300), (100, 30))
    environment, worker = bench.fake_worker()

    def ours(_):
        finished = bench.program.run(bench.program.new_folder('no-op'), no_op_sweep(bench, jobs), environment, workers)
        return Measurement(finished.seconds, jobs, finished.peak_mib, note=f'{worker}, {workers} of them')

    def optuna(how, tuned, target=None, processes=1, threads=1):
        def measure(_):
            database = bench.program.new_folder('optuna') / 'study.db'
            return bench.peer(tuned, 'optuna_trials.py', database, '--grid', jobs, '--trials', trials, '--processes', processes,
                              '--n-jobs', threads)
        return Contender(f'Optuna GridSampler, SQLite, {how}', tuned, measure, target, group='Optuna')

    n = bench.threads
    peers = [optuna('one process', True, 50), optuna(f'n_jobs={n}', True, threads=n), optuna(f'{n} processes', True, processes=n),
             optuna('one process', False)]
    yield Case('j', f'{jobs} no-op jobs, each recorded durably',
               'the whole `latentgrid run`, from an empty folder (two tasks a job, their artifacts synced, then their rows) against '
               f'study.optimize alone, {trials} trials of a grid of {jobs} (more would be slower each), in one process, with n_jobs={n} '
               f'(threads), or by {n} processes on one study, from when all are ready until the last has ended', ours, peers,
               unit='jobs/s', limits=[Limit('≥ 1,000 jobs/s', lambda side: 1 / side.seconds_for_one >= 1000)])


def planned_sweep(bench, jobs):
    """100 cells a seed, which share trainings, encodings and reductions."""
    grid = {'architecture': {'AE1': {'epochs': [1, 2, 5, 10]}}, 'latent_dim': [8, 16, 32, 64, 128],
            'reduction': ['none', {'pca': {'dim': 4}}, {'tsne': {'dim': 2, 'iterations': [250, 500, 1000]}}],
            'seeds': {'range': [0, jobs // 100 - 1]}}
    dataset = {'synthetic': {'images': 1000, 'classes': 10, 'channels': 1, 'height': 16, 'width': 16, 'seed': 0, 'noise': 0.1}}
    return bench.program.sweep('planned', grid, dataset=dataset, report=None)


def whole(finished):
    return Measurement(finished.seconds, peak_mib=finished.peak_mib)


def row_k(bench):
    seconds = {}
    for jobs in bench.size((100_000, 1_000_000), (10_000, 100_000)):
        yield plan_case(bench, jobs, seconds)


def plan_case(bench, jobs, seconds):
    """`seconds`: those measured, by the number of jobs."""
    def ours(_):
        finished = bench.program.call(bench.program.new_folder('planned'), 'plan', planned_sweep(bench, jobs))
        seconds.setdefault(jobs, []).append(finished.seconds)
        return whole(finished)

    def growth(side):
        return side.seconds / median(seconds[jobs // 10])

    def note(side):
        return f'{growth(side):.3g} times as long as a tenth of it' if jobs // 10 in seconds else ''

    limits = {100_000: [Limit('≤ 2 s', lambda side: side.seconds <= 2), Limit('≤ 500 MiB', lambda side: side.peak_mib <= 500)],
              1_000_000: [Limit('≤ 11× of 100,000 jobs (linear)', lambda side: growth(side) <= 11)]}
    return Case('k', f'`plan` of {jobs:,} jobs', 'the whole process', ours, limits=limits.get(jobs, []), note=note)


def row_l(bench):
    jobs = bench.size(100_000, 300)
    environment, worker = bench.fake_worker()
    sweep = planned_sweep(bench, jobs)

    def finished_results():
        if not environment:
            raise FileNotFoundError('row l needs latentgrid-fake-worker, which ./run_tests builds')
        # Scores that differ: with equal ones there would be next to nothing to rank and to draw.
        rules = bench.program.new_folder('rules') / 'rules.json'
        rules.write_text(json.dumps([{'stage': 'metrics', 'action': 'vary'}]))
        results = bench.program.new_folder('finished')
        bench.program.run(results, sweep, {**environment, 'FAKE_WORKER_RULES': str(rules)})
        return results

    def command(*words):
        def ours(_):
            results = bench.once('finished', finished_results)
            return whole(bench.program.call(results, *words, environment=environment))
        return ours

    for says, limit, words in ((f'`run` of a finished sweep of {jobs:,} jobs', 3, ['run', sweep, '-j', bench.threads, '--quiet']),
                               (f'a page of `ls` (50 of {jobs:,} jobs)', 0.5, ['ls', 'planned', '--limit', 50]),
                               (f'`report` of {jobs:,} jobs', 30, ['report', 'planned'])):
        yield Case('l', says, f'the whole process, of 100 cells a seed; the sweep was finished before, by {worker}', command(*words),
                   limits=[Limit(f'≤ {limit} s', lambda side, limit=limit: side.seconds <= limit)])
