"""latentgrid through its own command line: sweeps are written, run, and their artifacts' task.json read."""
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from . import process


class Artifact:
    def __init__(self, record_file):
        self.folder = record_file.parent
        self.record = json.loads(record_file.read_text())

    extent = property(lambda self: self.record['extent'])
    metrics = property(lambda self: self.record['metrics'])
    method = property(lambda self: self.record['record'].get('method'))
    seed = property(lambda self: self.record['provenance']['seed'])
    seconds = property(lambda self: self.record['usage']['wall_s'])
    peak_mib = property(lambda self: self.record['usage']['peak_rss_kb'] / 1024)

    @property
    def finished_at(self):
        return datetime.fromisoformat(self.record['provenance']['finished_at'].replace('Z', '+00:00')).timestamp()


class Latentgrid:
    def __init__(self, binaries, work, threads, dataset):
        self.binaries, self.work, self.threads, self.dataset = binaries, work, threads, dataset
        self.made = 0

    def new_folder(self, name):
        self.made += 1
        folder = self.work / f'{self.made:03}-{name}'
        folder.mkdir(parents=True)
        return folder

    def sweep(self, name, grid, images=None, dataset=None, **sections):
        """Writes a sweep file (JSON, which is YAML) and returns its path."""
        # The peers draw nothing. A row about what users get by default says report=None.
        content = {'name': name, 'dataset': dataset or self.dataset.section(images), 'report': {'figures': []},
                   **sections, 'grid': grid}
        if content['report'] is None:
            del content['report']
        content['train'] = {'threads': self.threads, **sections.get('train', {})}
        path = self.new_folder(name) / f'{name}.yaml'
        path.write_text(json.dumps(content, indent=1) + '\n')
        return path

    def call(self, results, *words, environment=None):
        variables = {**process.clean_environment(), **(environment or {})}
        return process.run([self.binaries / 'latentgrid', '--results', results, *words], variables)

    def run(self, results, sweep, environment=None, workers=None):
        return self.call(results, 'run', sweep, '-j', workers or self.threads, '--json', '--quiet', environment=environment)

    def query(self, results, sql):
        return json.loads(self.call(results, 'query', sql, '--json').output)

    def clone(self, results, stages):
        """A new results folder with the artifacts of some stages and no database: `run` adopts them and does the rest.

        The labels are among them: no row times them, and their task would hold the slot whose thread the timed task borrows."""
        folder = self.new_folder('results')
        for stage in dict.fromkeys([*stages, 'labels']):
            if (results / 'artifacts' / stage).is_dir():
                shutil.copytree(results / 'artifacts' / stage, folder / 'artifacts' / stage, copy_function=os.link)
        return folder


def artifacts(results, stage, method=None):
    """The artifacts of a stage, by extent."""
    found = [Artifact(path) for path in Path(results).glob(f'artifacts/{stage}/*/*/*/task.json')]
    return sorted((a for a in found if method in (None, a.method)), key=lambda a: a.extent)
