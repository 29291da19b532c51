"""What every row gets: the program, the peers, the sizes."""
from . import settings
from .case import Measurement
from .latentgrid import Latentgrid
from .points import make_images, make_points


class Bench:
    def __init__(self, binaries, work, threads, dataset, quick, gemm_gflops, gpu=None):
        self.program = Latentgrid(binaries, work, threads, dataset)
        self.threads, self.dataset, self.quick, self.gemm_gflops = threads, dataset, quick, gemm_gflops
        self.gpu = gpu  # that the peers see
        self.made = {}

    def size(self, full, quick):
        return quick if self.quick else full

    def images_at_most(self, count):
        return min(count, self.dataset.count)

    def points(self, kind, images):
        images = self.images_at_most(images)
        return self.once(('points', kind, images), lambda: make_points(self.program, kind, images))

    def images(self, images, channels=None):
        images = self.images_at_most(images)
        section = self.dataset.section(images, channels)
        return self.once(('images', images, channels), lambda: make_images(self.program, section))

    def once(self, name, make):
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    def peer(self, tuned, script, *arguments):
        """Runs a peer; seconds are those it measured, memory is the whole process's."""
        said, finished = settings.run_peer(script, *arguments, threads=self.threads if tuned else 0)
        return Measurement(said.get('seconds', finished.seconds), said.get('work', 1), finished.peak_mib,
                           said.get('quality', {}), said.get('files', []), said.get('note', ''))

    def ask(self, script, *arguments):
        """A peer that answers a question about quality; not timed."""
        return settings.run_peer(script, *arguments, threads=self.threads)[0]

    def fake_worker(self):
        """The worker that computes nothing, if it was built: (environment, what to call it)."""
        path = self.program.binaries / 'latentgrid-fake-worker'
        if path.exists():
            return {'LATENTGRID_WORKER': str(path)}, 'a worker that computes nothing'
        return {}, 'the worker on 20 images of 2×2 (latentgrid-fake-worker is not built)'
