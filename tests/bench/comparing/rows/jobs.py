"""Rows j, k and l: many jobs that compute next to nothing."""
from ..case import Case, Contender, Limit, Measurement
from ..points import NO_CLUSTERING

TINY = {'synthetic': {'images': 20, 'classes': 2, 'channels': 1, 'height': 2, 'width': 2, 'seed': 0, 'noise': 0.1}}


def no_op_sweep(bench, jobs, **sections):
    grid = {'architecture': 'raw', 'reduction': 'none', 'clustering': {'kmeans': {**NO_CLUSTERING['kmeans'], 'k': 2}},
            'seeds': {'range': [0, jobs - 1]}}
    return bench.program.sweep('no_op', grid, dataset=TINY, train={'epochs': 1}, **sections)


def row_j(bench):
    workers = 4 * bench.threads  # they compute nothing: all they do is wait for the disk
    jobs, trials = bench.size((10000, 300), (100, 30))
    environment, worker = bench.fake_worker()

    def ours(_):
        finished = bench.program.run(bench.program.new_folder('no-op'), no_op_sweep(bench, jobs), environment, workers)
        return Measurement(finished.seconds, jobs, finished.peak_mib, note=f'{worker}, {workers} of them')

    def peer(tuned):
        return lambda _: bench.peer(tuned, 'optuna_trials.py', bench.program.new_folder('optuna') / 'study.db', '--grid', jobs,
                                    '--trials', trials)

    yield Case('j', f'{jobs} no-op jobs, each recorded durably',
               'the whole `latentgrid run`, from an empty folder (two tasks a job, their artifacts synced, then their rows) against '
               f'study.optimize alone, {trials} trials of a grid of {jobs} (more would be slower each)', ours,
               [Contender('Optuna GridSampler, SQLite', True, peer(True), 50), Contender('Optuna GridSampler, SQLite', False, peer(False))],
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
    small = []
    for jobs in bench.size((100_000, 1_000_000), (10_000, 100_000)):
        def ours(_, jobs=jobs):
            return whole(bench.program.call(bench.program.new_folder('planned'), 'plan', planned_sweep(bench, jobs)))

        def linear(side):
            small.append(side.seconds)
            return f'{small[1] / small[0]:.3g} times as long as a tenth of it' if len(small) == 2 else ''

        limits = []
        if jobs == 100_000:
            limits = [Limit('≤ 2 s', lambda side: side.seconds <= 2), Limit('≤ 500 MiB', lambda side: side.peak_mib <= 500)]
        yield Case('k', f'`plan` of {jobs:,} jobs', 'the whole process', ours, limits=limits, note=linear)


def row_l(bench):
    jobs = bench.size(100_000, 300)
    environment, worker = bench.fake_worker()
    sweep = no_op_sweep(bench, jobs, report=None)

    def finished_results():
        results = bench.program.new_folder('finished')
        bench.program.run(results, sweep, environment)
        return results

    def command(*words):
        def ours(_):
            results = bench.once('finished', finished_results)
            return whole(bench.program.call(results, *words, environment=environment))
        return ours

    for says, limit, words in ((f'`run` of a finished sweep of {jobs:,} jobs', 3, ['run', sweep, '-j', bench.threads, '--quiet']),
                               (f'a page of `ls` (50 of {jobs:,} jobs)', 0.5, ['ls', 'no_op', '--limit', 50]),
                               (f'`report` of {jobs:,} jobs', 30, ['report', 'no_op'])):
        yield Case('l', says, f'the whole process; the sweep was finished before, by {worker}', command(*words),
                   limits=[Limit(f'≤ {limit} s', lambda side, limit=limit: side.seconds <= limit)])
