"""The driver of compare on things that take no time: runs, verdicts, the page. Needs no peer and no latentgrid."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from comparing.case import Case, Contender, Limit, Measurement, Quality, judge, measure    # noqa: E402
from comparing import earlier, settings                                                     # noqa: E402
from comparing.process import ChildFailed                                                   # noqa: E402
from comparing.rows import EXTRA, ROWS, needed_modules                                      # noqa: E402
from comparing.table import page, table, time_text                                          # noqa: E402

LOADER = importlib.machinery.SourceFileLoader('compare', str(HERE / 'compare'))
compare = importlib.util.module_from_spec(importlib.util.spec_from_loader('compare', LOADER))
LOADER.exec_module(compare)

MACHINE = {'processor': 'p', 'cores': 2, 'memory_gib': 1, 'system': 's', 'file_system': 'f', 'load_at_start': 0, 'gemm_gflops': 1,
           'peers': {'blas': []}, 'gpu': None, 'latentgrid': []}
GPU = {'name': 'G', 'memory_gib': 79.2, 'driver': '1.2', 'cuda': '13.0', 'cudnn': '9.10.2'}
OPTIONS = {'command': 'compare', 'date': 'today', 'data': 'd', 'threads': 2, 'runs': 5, 'quick': False}


def takes(*seconds, **values):
    """A side that takes so long: the last time again and again."""
    return lambda run: Measurement(seconds[min(run, len(seconds) - 1)], **values)


def case_of(ours, *contenders, **values):
    return Case('a', 'work', 'what was timed', ours, list(contenders), **values)


def judged(case, runs=5, minutes=0, verdicts=True):
    return {**judge(case, *measure(case, runs, minutes, lambda _: None), verdicts=verdicts), 'load_at_start': 0.99}


def targets(result):
    return [line.split('|')[-2].strip() for line in table([result]).splitlines()[2:]]


class Runs(unittest.TestCase):
    def counts(self, case, **how):
        ours, theirs = measure(case, how.pop('runs', 5), how.pop('minutes', 0), lambda _: None, **how)
        return [len(side.all) for side in [ours, *theirs]]

    def test_five_or_three_where_one_takes_over_a_minute(self):
        self.assertEqual(self.counts(case_of(takes(1), Contender('p', True, takes(59)))), [5, 5])
        self.assertEqual(self.counts(case_of(takes(1), Contender('p', True, takes(61)))), [3, 3])

    def test_a_slow_peer_as_usually_written_runs_once_and_costs_the_others_no_runs(self):
        self.assertEqual(self.counts(case_of(takes(1), Contender('p', True, takes(50)), Contender('p', False, takes(95)))), [5, 5, 1])

    def test_one_with_a_target_of_its_own_runs_as_often_as_the_others(self):
        self.assertEqual(self.counts(case_of(takes(1), Contender('p', False, takes(30), 1.15))), [5, 5])

    def test_no_limit_of_time_leaves_fewer_than_three(self):
        with mock.patch('comparing.case.time.monotonic', side_effect=range(0, 100000, 1000)):
            self.assertEqual(self.counts(case_of(takes(1)), minutes=1), [3])
            self.assertEqual(self.counts(case_of(takes(1)), minutes=1, fewest=1), [1])


    def test_latentgrid_itself_is_no_peer_as_usually_written(self):
        self.assertEqual(self.counts(case_of(takes(1), Contender('latentgrid on the CPU', None, takes(50)))), [5, 5])


class Verdicts(unittest.TestCase):
    def test_met_and_not_met(self):
        self.assertEqual(targets(judged(case_of(takes(1), Contender('p', True, takes(8), 8)))), ['≥ 8×: met'])
        self.assertEqual(targets(judged(case_of(takes(1), Contender('p', True, takes(7), 8)))), ['≥ 8×: **not met**'])

    def test_too_few_runs_are_neither(self):
        case = case_of(takes(1), Contender('p', True, takes(9), 8), limits=[Limit('≤ 2 s', lambda side: side.seconds <= 2)])
        self.assertEqual(targets(judged(case, runs=2)), ['≥ 8×: too few runs; ≤ 2 s: too few runs'])
        self.assertEqual(targets(judged(case, runs=3)), ['≥ 8×: met; ≤ 2 s: met'])
        self.assertEqual(targets(judged(case, runs=1, verdicts=False)), ['≥ 8×; ≤ 2 s'])

    def test_the_ratio_shown_with_the_verdict_is_the_one_that_was_judged(self):
        case = case_of(takes(1), Contender('p', True, takes(1.5), 1), Contender('p', False, takes(1.37)))
        self.assertEqual(targets(judged(case)), ['≥ 1×: met (1.37× against the faster)', ''])
        case = case_of(takes(1), Contender('p', True, takes(1.5), 1.4), Contender('p', False, takes(1.37)))
        self.assertEqual(targets(judged(case)), ['≥ 1.4×: **not met** (1.37× against the faster)', ''])

    def test_one_run_of_a_peer_as_usually_written_may_decide(self):
        result = judged(case_of(takes(3), Contender('p', True, takes(29), 9.5), Contender('p', False, takes(28))))
        self.assertEqual([line['runs'] for line in result['peers']], [5, 1])
        self.assertEqual(targets(result), ['≥ 9.5×: **not met** (9.33× against the faster)', ''])

    def test_a_target_is_judged_against_the_fastest_of_a_group(self):
        case = case_of(takes(1), Contender('one', True, takes(60), 50, 'g'), Contender('two', True, takes(40), group='g'),
                       Contender('one', False, takes(55), group='g'), Contender('other', True, takes(2)))
        result = judged(case)
        self.assertEqual(targets(result)[0], '≥ 50×: **not met** (40× against the fastest)')
        self.assertEqual(result['peers'][0]['judged'], {'ratio': 40, 'against': 'two', 'tuned': True, 'of': 3})

    def test_worse_quality_meets_nothing(self):
        quality = Quality('MSE', '10 % above', lambda ours, peer: ours > 1.1 * peer)
        peers = [Contender('p', True, takes(9, quality={'MSE': 2}), 8), Contender('p', False, takes(8.5, quality={'MSE': 1}))]
        result = judged(case_of(takes(1, quality={'MSE': 2}), *peers, qualities=[quality]))
        self.assertEqual(result['peers'][0]['met'], False)
        self.assertIn('worse: MSE 2 against 1', table([result]))

    def test_a_limit_whose_measurement_is_missing_is_not_judged(self):
        self.assertEqual(targets(judged(case_of(takes(1), limits=[Limit('≤ 11×', lambda _: None)]))), ['≤ 11×: not measured'])


class Page(unittest.TestCase):
    def test_the_spread_stands_beside_the_median(self):
        def text(seconds, unit='', work=1):
            return time_text({'runs': len(seconds), 'seconds': seconds, 'median_s': sorted(seconds)[len(seconds) // 2], 'work': work}, unit)

        self.assertEqual(text([3.3, 3.171, 3.108]), '3.17 s (3 runs, 3.11–3.30)')
        self.assertEqual(text([1.02, 0.98, 1.0]), '1.00 s (3 runs, 0.980–1.02)')
        self.assertEqual(text([0.0176]), '17.6 ms (1 run)')
        self.assertEqual(text([99.96, 128, 130.4]), '128 s (3 runs, 100–130)')
        self.assertEqual(text([4, 2, 5], 'jobs/s', 5000), '1250 jobs/s (3 runs, 1000–2500)')

    def test_the_load_at_a_lines_start_is_a_note(self):
        self.assertIn('what was timed. load 0.99 at its start.', page(MACHINE, OPTIONS, [judged(case_of(takes(1)))]))

    def test_latentgrid_against_itself_is_neither_tuned_nor_not(self):
        text = page(MACHINE, OPTIONS, [judged(case_of(takes(1), Contender('latentgrid on the CPU', None, takes(9, note='exact'))))])
        self.assertIn('| latentgrid on the CPU | 9.00 s', text)
        self.assertIn(' latentgrid on the CPU: exact.', text)

    def test_a_gpu_is_told_where_there_is_one(self):
        self.assertNotIn('GPU', page(MACHINE, OPTIONS, []))
        self.assertIn('- GPU: G, 79.2 GiB, driver 1.2; the peers have CUDA 13.0, cuDNN 9.10.2.\n',
                      page({**MACHINE, 'gpu': GPU}, OPTIONS, []))

    def test_a_failed_afterword_leaves_the_measurement(self):
        def note(_):
            raise ChildFailed('no growth\nat all')

        result = judged(case_of(takes(1), Contender('p', True, takes(9), 8), note=note))
        self.assertEqual(targets(result), ['≥ 8×: met'])
        self.assertIn('failed:\n\n      no growth\n      at all', page(MACHINE, OPTIONS, [result]))


class Earlier(unittest.TestCase):
    def run_of(self, **machine):
        results = [{**judged(case_of(takes(1))), 'row': row} for row in 'ab']
        return {'options': OPTIONS, 'machine': {**MACHINE, 'latentgrid': ['latentgrid 1 (abc)'], **machine}, 'results': results}

    def test_the_rows_that_are_measured_anew_are_left_out(self):
        self.assertEqual([result['row'] for result in earlier.kept(self.run_of(), ['b', 'c'])], ['a'])

    def test_the_page_says_where_a_row_comes_from(self):
        line = '- Rows a, b: printed by `compare` on today, latentgrid 1 (abc); the same machine at 1 GFLOP/s.'
        results = earlier.kept(self.run_of(), [])
        self.assertIn(line, page(MACHINE, OPTIONS, results).splitlines())
        again = {**self.run_of(latentgrid=['latentgrid 2 (def)']), 'results': results}
        self.assertEqual(list(earlier.lines(earlier.kept(again, []))), [line])
        self.assertEqual(list(earlier.lines([judged(case_of(takes(1)))])), [])

    def test_another_machine_or_other_runs_are_told(self):
        self.assertEqual(earlier.differences(self.run_of(), MACHINE, OPTIONS), [])
        self.assertEqual(earlier.differences(self.run_of(cores=4, gemm_gflops=9), MACHINE, {**OPTIONS, 'runs': 3}), ['cores', 'runs'])

    def test_a_file_of_something_else_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'x.json'
            for text in ('[]', '{"results": []}', 'no JSON'):
                path.write_text(text)
                with self.assertRaises(ValueError):
                    earlier.read(path)


class Rows(unittest.TestCase):
    def parse(self, *words):
        with mock.patch.object(sys, 'argv', ['compare', *words]):
            return compare.parse()

    def refused(self, *words):
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit) as exit:
            self.parse(*words)
        self.assertEqual(exit.exception.code, 2)
        return said.getvalue()

    def test_the_table_does_without_the_extra_rows(self):
        self.assertEqual(self.parse().rows, list('abcdefghijklmnopqrstuvw'))
        self.assertEqual(self.parse('--rows', 'd, gpu').rows, ['d', 'gpu'])
        self.assertEqual([list(ROWS), list(EXTRA)], [list('abcdefghijklmnopqrstuvw'), ['gpu']])

    def test_the_page_holds_the_whole_table_and_nothing_else(self):
        self.assertTrue(self.parse('--write').write)
        for rows in ('a', 'gpu', 'a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,gpu'):
            self.assertIn('--write replaces the whole page', self.refused('--write', '--rows', rows))

    def test_an_unknown_row_is_told_which_there_are(self):
        self.assertIn('no row x; there are a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w and, outside the table, '
                      'gpu',
                      self.refused('--rows', 'a,x,gpu'))

    def test_a_row_asks_for_what_it_needs(self):
        self.assertEqual(needed_modules(['gpu']), ['numpy', 'torch', 'sklearn'])
        self.assertEqual(needed_modules(['a', 'gpu']), ['numpy', 'torch', 'sklearn', 'optuna'])
        self.assertEqual(needed_modules(['k']), ['numpy', 'torch', 'sklearn', 'optuna'])
        self.assertEqual(needed_modules(['m']), ['numpy', 'sklearn', 'umap'])
        self.assertEqual(needed_modules(['t', 'u']), ['numpy', 'torch', 'torchvision', 'sklearn'])
        self.assertEqual(needed_modules(['u', 'v', 'w']), ['numpy', 'torch', 'sklearn'])
        self.assertEqual(needed_modules(['m', 'p', 'd', 't']), list(settings.PACKAGES))


class PeersPython(unittest.TestCase):
    def missing(self, python, modules, lacks=()):
        with mock.patch.object(settings, 'PYTHON', python), \
                mock.patch.object(settings, 'missing_modules', lambda asked: [module for module in asked if module in lacks]), \
                mock.patch.object(settings.shutil, 'which', lambda name: None if name == 'no-python' else name):
            return settings.missing_packages(modules)

    def test_a_python_is_asked_for_modules_without_importing_them(self):
        with mock.patch.object(settings, 'PYTHON', sys.executable):
            self.assertEqual(settings.missing_modules(['json', 'no_such_module', 'this']), ['no_such_module'])

    def test_debians_lacks_packages(self):
        self.assertEqual(self.missing(settings.DEBIANS, ['numpy', 'torch']), ([], []))
        self.assertEqual(self.missing(settings.DEBIANS, ['numpy', 'torch'], ['torch', 'optuna']), (['python3-torch'], []))

    def test_another_lacks_modules_or_is_not_there(self):
        self.assertEqual(self.missing('python', ['numpy', 'torch']), ([], []))
        packages, problems = self.missing('python', ['numpy', 'torch', 'sklearn'], ['torch', 'sklearn'])
        self.assertEqual((packages, problems[0].partition(':')[0]), ([], 'python lacks torch, sklearn'))
        self.assertIn('no-python is not there', self.missing('no-python', ['numpy'])[1][0])


class Program(unittest.TestCase):
    """main() with rows of its own."""

    def call(self, rows, *words):
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
            root, json_file = Path(folder), Path(folder) / 'out.json'
            (root / 'results').mkdir()
            (root / 'results/benchmarks.md').write_text('before')
            dataset = SimpleNamespace(name='none', count=0)
            replaced = {'ROWS': rows, 'REPOSITORY': root, 'say_what_is_missing': lambda _: False, 'Dataset': lambda _: dataset}
            for name, value in replaced.items():
                stack.enter_context(mock.patch.object(compare, name, value))
            stack.enter_context(mock.patch.object(compare.settings, 'machine', lambda *_: dict(MACHINE)))
            stack.enter_context(mock.patch.object(sys, 'argv', ['compare', '--work', f'{root}/work', '--json', f'{root}/out.json', *words]))
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = compare.main()
            return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue(), page=(root / 'results/benchmarks.md').read_text(),
                                   results=json.loads(json_file.read_text())['results'] if json_file.exists() else None)

    def test_a_whole_page_is_written(self):
        done = self.call({'a': lambda _: [case_of(takes(1))]}, '--write')
        self.assertEqual((done.code, done.page), (0, done.out[:-1]))
        self.assertIn('load_at_start', done.results[0])

    def test_a_row_anew_stands_among_the_earlier_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'earlier.json'
            results = [{**judged(case_of(takes(seconds))), 'row': row} for row, seconds in (('a', 1), ('b', 2), ('c', 3))]
            machine = {**MACHINE, 'latentgrid': ['latentgrid 1']}
            options = {**OPTIONS, 'data': 'none, 0 images'}
            path.write_text(json.dumps({'options': options, 'machine': machine, 'results': results}))
            rows = {row: lambda _: [Case('b', 'work', 'what', takes(9), [])] for row in 'abc'}
            done = self.call(rows, '--rows', 'b', '--earlier', str(path), '--write')
            self.assertEqual((done.code, done.page), (0, done.out[:-1]))
            self.assertEqual([(r['row'], r['latentgrid']['median_s'], 'earlier' in r) for r in done.results],
                             [('a', 1, True), ('b', 9, False), ('c', 3, True)])
            self.assertIn('- Rows a, c: printed by', done.page)
            path.write_text(json.dumps({'options': options, 'machine': {**machine, 'cores': 64}, 'results': results}))
            done = self.call(rows, '--rows', 'b', '--earlier', str(path), '--write')
            self.assertEqual((done.code, done.page), (2, 'before'))
            self.assertIn('--earlier was measured with another cores: its numbers tell nothing', done.err)

    def test_a_failed_line_leaves_the_page_as_it_was(self):
        def fails(_):
            yield case_of(takes(1))
            raise ChildFailed('no more')

        done = self.call({'a': fails, 'b': lambda _: [case_of(takes(1))]}, '--write')
        self.assertEqual((done.code, done.page), (1, 'before'))
        self.assertIn('benchmarks.md is left as it was: a line failed', done.err)
        self.assertEqual([result.get('error') for result in done.results], [None, 'no more', None])

    def test_a_failed_afterword_does_too_and_keeps_the_numbers(self):
        def note(_):
            raise ValueError('no growth')

        done = self.call({'a': lambda _: [case_of(takes(1), note=note)]}, '--write')
        self.assertEqual((done.code, done.page), (1, 'before'))
        self.assertEqual((done.results[0]['latentgrid']['runs'], done.results[0]['afterword_error']), (5, 'no growth'))

    def test_an_interrupted_one_too(self):
        def interrupted(_):
            yield case_of(takes(1))
            raise KeyboardInterrupt

        done = self.call({'a': interrupted}, '--write')
        self.assertEqual((done.code, done.page), (1, 'before'))
        self.assertIn('interrupted', done.err)
        self.assertEqual(len(done.results), 1)

    def test_row_gpu_without_a_gpu_says_so(self):
        done = self.call({'a': lambda _: [case_of(takes(1))]}, '--rows', 'gpu,a')
        self.assertEqual(done.code, 1)
        self.assertIn('needs a GPU, and the peers\' PyTorch sees none', done.results[0]['error'])
        self.assertIn('row gpu needs a GPU', done.out)
        self.assertNotIn('error', done.results[1])

    def test_quick_leaves_out_peers_without_a_target_but_not_latentgrid_itself(self):
        case = case_of(takes(1), Contender('p', True, takes(9)), Contender('latentgrid on the CPU', None, takes(9)))
        done = self.call({'a': lambda _: [case]}, '--quick')
        self.assertEqual([line['name'] for line in done.results[0]['peers']], ['latentgrid on the CPU'])

    def test_quick_runs_once_and_judges_nothing(self):
        case = case_of(takes(1), Contender('p', True, takes(9), 8), Contender('p', False, takes(9)))
        done = self.call({'a': lambda _: [case]}, '--quick')
        self.assertEqual([line['name'] for line in done.results[0]['peers']], ['p'])
        self.assertEqual(targets(done.results[0]), ['≥ 8×'])


if __name__ == '__main__':
    unittest.main()
