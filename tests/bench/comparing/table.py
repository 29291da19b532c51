"""The results as a Markdown page."""
from . import earlier


def digits(value, count=3):
    """Significant digits; whole numbers have them all."""
    return f'{value:.0f}' if value >= 10 ** (count - 1) else f'{value:#.{count}g}'.rstrip('.')


def time_text(side, unit):
    """The median, the number of runs, the smallest and the largest."""
    if unit:
        median, values, count = side['work'] / side['median_s'], [side['work'] / seconds for seconds in side['seconds']], 4
    else:
        scale, unit = (1, 's') if side['median_s'] >= 1 else (1000, 'ms')
        median, values, count = side['median_s'] * scale, [seconds * scale for seconds in side['seconds']], 3
    spread = f's, {digits(min(values), count)}–{digits(max(values), count)}' if len(values) > 1 else ''
    return f'{digits(median, count)} {unit} ({side["runs"]} run{spread})'


def ratio_text(line):
    if line['worse']:
        return 'worse: ' + '; '.join(line['worse'])
    return f'{line["ratio"]:.3g}×'


def quality_text(side):
    return '; '.join(f'{name} {value:.5g}' for name, value in side['quality'].items() if value is not None)


def name_text(line):
    return line['name'] + {True: ', tuned', False: ', as usually written', None: ''}[line['tuned']]


def verdict(judged):
    if judged.get('too_few_runs'):
        return ': too few runs'
    if judged.get('not_measured'):
        return ': not measured'
    return {True: ': met', False: ': **not met**', None: ''}[judged.get('met')]


def target_text(line):
    if not line['target']:
        return ''
    judged = line.get('judged')
    against = f' ({judged["ratio"]:.3g}× against the {"faster" if judged["of"] == 2 else "fastest"})' if judged else ''
    return f'≥ {line["target"]:g}×{verdict(line)}{against}'


def lines_of(result):
    ours, unit = result['latentgrid'], result['unit']
    limits = '; '.join(limit['limit'] + verdict(limit) for limit in result['limits'])
    first = [result['row'], result['work'], time_text(ours, unit), f'{ours["peak_mib"]:.0f}', quality_text(ours)]
    if not result['peers']:
        yield [*first, '', '', '', '', '', limits]
    for line in result['peers']:
        target = target_text(line)
        yield [*first, name_text(line), time_text(line, unit),
               f'{line["peak_mib"]:.0f}', quality_text(line), ratio_text(line), target + (f'; {limits}' if limits and target else '')]
        first = [result['row'], '', '', '', '']


HEADINGS = ['row', 'work', 'latentgrid', 'MiB', 'quality', 'peer', 'its time', 'MiB', 'quality', 'ratio', 'target']


def table(results):
    rows = [HEADINGS, ['---'] * len(HEADINGS)]
    for result in results:
        rows += list(lines_of(result)) if 'error' not in result else \
            [[result['row'], result['work'], 'not measured: ' + result['error'].splitlines()[-1]] + [''] * 8]
    return '\n'.join('| ' + ' | '.join(row) + ' |' for row in rows)


def machine_lines(machine, options):
    peers = dict(machine['peers'])
    blas = ', '.join(peers.pop('blas')) or 'in their own libraries'
    rate = f'{machine["gemm_gflops"]} GFLOP/s at a product of 2048² float32 matrices with {options["threads"]} threads'
    return [
        f'- Machine: {machine["processor"]}, {machine["cores"]} cores, {machine["memory_gib"]} GiB, {machine["system"]}; '
        f'files on {machine["file_system"]}; {rate}; load {machine["load_at_start"]} at the start.',
        *gpu_lines(machine['gpu']),
        f'- latentgrid: {"; ".join(machine["latentgrid"])}.',
        f'- Peers: {", ".join(f"{name} {version}" for name, version in peers.items())}; BLAS {blas}.',
        f'- Data: {options["data"]}. {options["threads"]} threads a side; row j says what it has instead.',
        f'- {runs_text(options)} Times are medians; behind them the number of runs, the smallest and the largest.',
        '- Load: the average of the minute before a line began, in which the line before it ran.',
    ]


def gpu_lines(gpu):
    if gpu:
        yield (f'- GPU: {gpu["name"]}, {gpu["memory_gib"]} GiB, driver {gpu["driver"]}; '
               f'the peers have CUDA {gpu["cuda"]}, cuDNN {gpu["cudnn"]}.')


def runs_text(options):
    if options['quick']:
        return f'{options["runs"]} run{"s" if options["runs"] > 1 else ""} of each.'
    return (f'{options["runs"]} alternating runs, 3 where one takes over a minute; a peer as usually written that takes over 20 s runs '
            'once, if it has no target of its own. Where it is nevertheless faster than the tuned one, the target is judged against it. '
            'No verdict on fewer than 3 runs.')


def page(machine, options, results):
    lines = ['# Measured against what one would write by hand', '', f'Printed by `{options["command"]}` on {options["date"]}.', '',
             *machine_lines(machine, options), *earlier.lines(results),
             '- Tuned: threads set after the imports, OpenBLAS with OpenMP, channels_last, raised malloc thresholds; Optuna\'s '
             'SQLite with a write-ahead log (synchronous=FULL) and a timeout of a minute. As usually written: nothing of the kind. '
             'Ratios are times of the peer over times of latentgrid; none is given where latentgrid\'s quality is worse.',
             '- MiB: resident set of the largest process at its peak.', '', table(results), '', '## What was timed', '']
    if options['quick']:
        lines.insert(3, '\n**Quick: small inputs. Their ratios say little about the sizes that the targets are for, so none is judged.**')
    lines += [timed_text(result) for result in results]
    return '\n'.join(lines) + '\n'


def indented(text):
    return '\n\n      ' + text.replace('\n', '\n      ')


def timed_text(result):
    if 'error' in result:
        return f'- {result["row"]}, {result["work"]}: failed:' + indented(result['error'])
    said = [result['measured'] + '.']
    said += [f'{q["name"]} may be {q["allowed"]}.' for q in result['qualities']]
    for side in [result['latentgrid'], *result['peers']]:
        said += [f'{side["name"]}{" (usual)" if side.get("tuned") is False else ""}: {note}.' for note in side['notes']]
    said += [result['note'] + '.'] if result['note'] else []
    said.append(f'load {result["load_at_start"]} at its start.')
    if 'afterword_error' in result:
        said.append('What was to be said besides failed:' + indented(result['afterword_error']))
    return f'- {result["row"]}, {result["work"]}: {" ".join(said)}'
