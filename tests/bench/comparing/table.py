"""The results as a Markdown page."""


def seconds_text(value):
    if value >= 100:
        return f'{value:.0f} s'
    if value >= 1:
        return f'{value:.3g} s'
    return f'{value * 1000:.3g} ms'


def time_text(side, unit):
    runs = f' ({side["runs"]} run{"s" if side["runs"] > 1 else ""})'
    if unit:
        return f'{side["work"] / side["median_s"]:.4g} {unit}{runs}'
    return seconds_text(side['median_s']) + runs


def ratio_text(line):
    if line['worse']:
        return 'worse: ' + '; '.join(line['worse'])
    return f'{line["ratio"]:.3g}×'


def quality_text(side):
    return '; '.join(f'{name} {value:.5g}' for name, value in side['quality'].items() if value is not None)


def verdict(judged):
    return {True: ': met', False: ': **not met**', None: ''}[judged.get('met')]


def lines_of(result):
    ours, unit = result['latentgrid'], result['unit']
    limits = '; '.join(limit['limit'] + verdict(limit) for limit in result['limits'])
    first = [result['row'], result['work'], time_text(ours, unit), f'{ours["peak_mib"]:.0f}', quality_text(ours)]
    if not result['peers']:
        yield [*first, '', '', '', '', '', limits]
    for line in result['peers']:
        target = f'≥ {line["target"]:g}×{verdict(line)}' if line['target'] else ''
        yield [*first, f'{line["name"]}, {"tuned" if line["tuned"] else "as usually written"}', time_text(line, unit),
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
    blas = ', '.join(peers.pop('blas'))
    rate = f'{machine["gemm_gflops"]} GFLOP/s at a product of 2048² float32 matrices with {options["threads"]} threads'
    return [
        f'- Machine: {machine["processor"]}, {machine["cores"]} cores, {machine["memory_gib"]} GiB, {machine["system"]}; '
        f'files on {machine["file_system"]}; {rate}; load {machine["load_at_start"]} at the start.',
        f'- latentgrid: {"; ".join(machine["latentgrid"])}.',
        f'- Peers: {", ".join(f"{name} {version}" for name, version in peers.items())}; BLAS {blas}.',
        f'- Data: {options["data"]}. {options["threads"]} threads a side. Medians of {options["runs"]} alternating runs, of 3 where one '
        'takes over a minute; the number of runs stands beside each time.',
    ]


def page(machine, options, results):
    lines = ['# Measured against what one would write by hand', '', f'Printed by `{options["command"]}` on {options["date"]}.', '',
             *machine_lines(machine, options),
             '- Tuned: threads set after the imports, OpenBLAS with OpenMP, channels_last, raised malloc thresholds. As usually '
             'written: nothing of the kind. Ratios are times of the peer over times of latentgrid; none is given where '
             'latentgrid\'s quality is worse.',
             '- MiB: resident set of the largest process at its peak.', '', table(results), '', '## What was timed', '']
    if options['quick']:
        lines.insert(3, '\n**Quick: small inputs. Their ratios say little about the sizes that the targets are for, so no target is judged.**')
    for result in results:
        if 'error' in result:
            lines.append(f'- {result["row"]}, {result["work"]}: failed:\n\n      ' + result['error'].replace('\n', '\n      '))
            continue
        said = [result['measured'] + '.']
        said += [f'{q["name"]} may be {q["allowed"]}.' for q in result['qualities']]
        for side in [result['latentgrid'], *result['peers']]:
            said += [f'{side["name"]}{"" if side.get("tuned", True) else " (usual)"}: {note}.' for note in side['notes']]
        said += [result['note'] + '.'] if result['note'] else []
        lines.append(f'- {result["row"]}, {result["work"]}: {" ".join(said)}')
    return '\n'.join(lines) + '\n'
