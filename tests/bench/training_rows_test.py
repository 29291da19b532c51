"""The rows about training with a program and peers that only say what they were asked: the sweeps, the words, what is read of artifacts."""
import gzip
import json
import struct
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from comparing import dataset, settings                                   # noqa: E402
from comparing.bench import Bench                                         # noqa: E402
from comparing.case import judge, measure                                 # noqa: E402
from comparing.latentgrid import Latentgrid                               # noqa: E402
from comparing.process import Finished                                    # noqa: E402
from comparing.rows import ROWS                                           # noqa: E402

SECONDS = {'train': 10.0, 'augment': 0.9}
METRICS = {'train': {'train_loss': 5.5}, 'encode': {'recon_mse': 0.25}}
SAID = {'contrastive.py': {'NT-Xent': 5.45}, 'train.py': {'MSE': 0.26, 'loss': 5.4}, 'encode.py': {'MSE': 0.25}}


def write_artifact(results, stage, method=None):
    folder = results / 'artifacts' / stage / 'ab' / f'abcd{len(list(results.glob("artifacts/*")))}' / '1'
    if any(results.glob(f'artifacts/{stage}/*/*/*/task.json')):
        return
    folder.mkdir(parents=True)
    for file in ('images.npy', 'views.npy'):
        (folder / file).write_text('')
    (folder / 'task.json').write_text(json.dumps({
        'extent': 1, 'metrics': METRICS.get(stage, {}),
        'record': {'method': method} if method else {'augmenting_s': SECONDS['augment']}, 'provenance': {'seed': 0},
        'usage': {'wall_s': SECONDS.get(stage, 1.0), 'peak_rss_kb': 2048}}))


class Asked:
    """A Bench whose program and peers do nothing; what they were asked is kept."""

    def __init__(self, folder, quick=False):
        self.sweeps, self.workers, self.peers = [], [], []
        images = dataset.Dataset.__new__(dataset.Dataset)
        images.name, images.images, images.labels, images.pad_to, images.gray, images.count = 'd', 'x.gz', 'y.gz', 32, True, 60000
        self.bench = Bench(folder / 'bin', folder, 2, images, quick, 100)

    def run(self, results, sweep, environment=None, workers=None):
        content = json.loads(Path(sweep).read_text())
        self.sweeps.append(content)
        self.workers.append(workers)
        write_artifact(results, 'load')
        if content['grid']['architecture'] != 'raw':
            write_artifact(results, 'train')
            write_artifact(results, 'encode', 'autoencoder')
        if content['report']['figures']:
            write_artifact(results, 'augment')
        return Finished(20.0, 100.0, '')

    def peer(self, script, *arguments, threads):
        self.peers.append((script, threads, [str(word) for word in arguments[1:]]))
        return {'seconds': 16.0, 'work': 17000, 'quality': SAID[script]}, Finished(17.0, 300.0, '')

    def row(self, letter, runs=3):
        """Results of the row's cases."""
        with mock.patch.object(Latentgrid, 'run', lambda _, *words, **named: self.run(*words, **named)), \
                mock.patch.object(settings, 'run_peer', self.peer), \
                mock.patch('comparing.rows.training.npy_shape', lambda _: (2125, 32, 32, 1)):
            return [judge(case, *measure(case, runs, 0, lambda _: None)) for case in ROWS[letter](self.bench)]


class TrainingRows(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.asked = Asked(Path(folder.name))

    def test_contrastive_training_is_the_same_on_both_sides(self):
        result, = self.asked.row('t')
        images, *trainings = self.asked.sweeps
        self.assertEqual([sweep['dataset']['channels'] for sweep in self.asked.sweeps], [3] * 4)
        self.assertEqual(images['dataset'], trainings[0]['dataset'])
        self.assertEqual([sweep['grid']['seeds'] for sweep in trainings], [[0], [1], [2]])
        self.assertEqual(trainings[0]['train'], {'batch_size': 256, 'threads': 2})
        self.assertEqual(trainings[0]['grid']['training'], {'contrastive': {'temperature': 0.5, 'projection_dim': 128}})
        self.assertEqual(trainings[0]['grid']['architecture'], {'conv5': {'epochs': 2}})
        self.assertNotIn('augment', trainings[0]['grid'])  # what contrastive training does by default
        for run, threads, call in ((0, 2, 0), (0, 0, 1), (2, 2, 4)):
            self.assertEqual(self.asked.peers[call], ('contrastive.py', threads, [
                '--epochs', '2', '--batch', '256', '--temperature', '0.5', '--projection', '128', '--seed', str(run)]))
        self.assertEqual((result['latentgrid']['work'], result['latentgrid']['quality']), (17000, {'NT-Xent': 5.5}))
        tuned, usual = result['peers']
        self.assertEqual((tuned['target'], tuned['met'], usual['target']), (1.5, True, None))
        self.assertIn('both sides compute saturation', result['measured'])

    def test_a_worse_contrastive_loss_meets_nothing(self):
        with mock.patch.dict(SAID, {'contrastive.py': {'NT-Xent': 5.3}}):
            tuned, _ = self.asked.row('t')[0]['peers']
        self.assertFalse(tuned['met'])
        self.assertEqual(tuned['worse'], ['NT-Xent 5.5 against 5.3'])

    def test_images_with_colors_are_not_called_gray(self):
        self.asked.bench.dataset.gray = False
        self.assertNotIn('gray,', self.asked.row('t')[0]['measured'])

    def test_the_vae_stands_beside_the_same_with_error_and_loss(self):
        result, = self.asked.row('u')
        grid = self.asked.sweeps[-1]['grid']
        self.assertEqual((grid['training'], grid['latent_dim'], grid['seeds']), ('vae', 64, [2]))
        self.assertEqual(self.asked.peers[0], ('train.py', 2, ['--epochs', '2', '--seeds', '0', '--vae', '64']))
        self.assertEqual(result['latentgrid']['quality'], {'MSE': 0.25, 'loss': 5.5})
        self.assertEqual(([q['name'] for q in result['qualities']], result['peers'][0]['target']), (['MSE', 'loss'], 1.2))

    def test_augmentation_is_timed_beside_an_epoch_with_its_images_and_seed(self):
        result, = self.asked.row('v')
        images, training, augmenting = self.asked.sweeps[:3]
        self.assertEqual(augmenting['report']['figures'], [{'augmented': {'images': list(range(8500)), 'views': 2}}])
        self.assertEqual({**augmenting, 'report': training['report']}, training)  # so that the second run trains nothing
        self.assertEqual(training['grid']['architecture'], {'conv5': {'epochs': 1}})
        self.assertEqual(self.asked.workers[1:3], [None, 1])
        self.assertEqual((result['latentgrid']['median_s'], result['latentgrid']['quality']), (0.9, {'share of an epoch': 0.09}))
        self.assertEqual(result['limits'], [{'limit': '≤ 10% of an epoch', 'met': True}])
        self.assertFalse(list(self.asked.bench.program.work.glob('**/augment/**/views.npy')))

    def test_a_larger_share_is_not_met(self):
        with mock.patch.dict(SECONDS, {'augment': 1.1}):
            self.assertEqual(self.asked.row('v')[0]['limits'], [{'limit': '≤ 10% of an epoch', 'met': False}])

    def test_the_residual_network_has_no_target(self):
        result, = self.asked.row('w')
        self.assertEqual(self.asked.sweeps[-1]['grid']['architecture'], {'small_resnet': {'epochs': 2}})
        self.assertEqual(self.asked.peers[0][2], ['--epochs', '2', '--seeds', '0', '--architecture', 'small_resnet'])
        self.assertEqual([peer['target'] for peer in result['peers']], [None, None])
        self.assertEqual(result['latentgrid']['quality'], {'MSE': 0.25})

    def test_plain_training_is_asked_for_as_before(self):
        training = self.asked.row('d', 1)[0]
        self.assertEqual(self.asked.peers[0], ('train.py', 2, ['--epochs', '2', '--seeds', '0']))
        self.assertEqual(([peer['target'] for peer in training['peers']], training['latentgrid']['quality']), ([1.0, 1.15], {'MSE': 0.25}))
        self.assertEqual(training['work'], 'one AE2 training, 2125 images, 2 epochs')


class Section(unittest.TestCase):
    def test_channels_are_asked_for_and_gray_is_known(self):
        with tempfile.TemporaryDirectory() as folder:
            with gzip.open(f'{folder}/train-images-idx3-ubyte.gz', 'wb') as file:
                file.write(struct.pack('>4i', 2051, 7, 28, 28))
            with mock.patch.object(dataset, 'FASHION', Path(folder)):
                data = dataset.Dataset()
            self.assertTrue(data.gray)
            self.assertNotIn('channels', data.section(5))
            self.assertEqual({key: data.section(9, 3)[key] for key in ('channels', 'limit', 'pad_to')}, {'channels': 3, 'limit': 7, 'pad_to': 32})
            for shape, gray in (((4, 8, 8), True), ((4, 8, 8, 1), True), ((4, 8, 8, 3), False)):
                header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
                (Path(folder) / 'trainX.npy').write_bytes(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header)
                data = dataset.Dataset(folder)
                self.assertEqual((data.gray, data.count), (gray, 4))


if __name__ == '__main__':
    unittest.main()
