"""Rows that an earlier run measured on this machine, beside those that are measured now: the whole table takes over an hour."""
import json

SAME_MACHINE = ('processor', 'cores', 'memory_gib', 'system', 'file_system', 'peers', 'gpu')
SAME_OPTIONS = ('data', 'threads', 'runs', 'quick')


def read(path):
    """What --json wrote; ValueError if the file holds something else."""
    run = json.loads(path.read_text())
    if not isinstance(run, dict) or not {'options', 'machine', 'results'} <= run.keys():
        raise ValueError('not written by compare --json')
    return run


def rows_of(run):
    return {result['row'] for result in run['results']}


def differences(run, machine, options):
    """What keeps its numbers from standing beside those of this machine and these options."""
    return [name for name in SAME_MACHINE if run['machine'].get(name) != machine.get(name)] + \
           [name for name in SAME_OPTIONS if run['options'].get(name) != options.get(name)]


def kept(run, rows):
    """The results of all other rows, which say where they come from."""
    origin = {'command': run['options']['command'], 'date': run['options']['date'], 'latentgrid': run['machine']['latentgrid'][0],
              'gemm_gflops': run['machine']['gemm_gflops']}
    return [{'earlier': origin, **result} for result in run['results'] if result['row'] not in rows]


def lines(results):
    """One for each earlier run."""
    runs = {}
    for result in results:
        if 'earlier' in result:
            runs.setdefault(json.dumps(result['earlier'], sort_keys=True), []).append(result['row'])
    for origin, rows in runs.items():
        origin = json.loads(origin)
        yield (f'- Rows {", ".join(dict.fromkeys(rows))}: printed by `{origin["command"]}` on {origin["date"]}, {origin["latentgrid"]}; '
               f'the same machine at {origin["gemm_gflops"]} GFLOP/s.')
