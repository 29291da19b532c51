"""What both sides run with: the peers' environments, the machine, the versions."""
import json
import os
import platform
from pathlib import Path

from . import process

PYTHON = '/usr/bin/python3'  # Debian's, which has Debian's torch, sklearn and optuna
REPOSITORY = Path(__file__).resolve().parents[3]
PEERS = REPOSITORY / 'tests/bench/peers'
OPENBLAS_OPENMP = Path('/usr/lib/x86_64-linux-gnu/openblas-openmp')
PACKAGES = {'numpy': 'python3-numpy', 'torch': 'python3-torch', 'sklearn': 'python3-sklearn', 'optuna': 'python3-optuna'}
MALLOC = {'MALLOC_MMAP_THRESHOLD_': 1 << 30, 'MALLOC_TRIM_THRESHOLD_': 2 << 30, 'MALLOC_TOP_PAD_': 512 << 20}


def tuned_environment():
    """Large tensors keep their pages, and the BLAS shares OpenMP's threads with everything else."""
    out = process.clean_environment()
    out.update({name: str(value) for name, value in MALLOC.items()})
    if OPENBLAS_OPENMP.is_dir():
        out['LD_LIBRARY_PATH'] = str(OPENBLAS_OPENMP)
    return out


def missing_packages():
    """Debian packages that the peers need and this machine lacks."""
    if not Path(PYTHON).exists():
        return ['python3', *PACKAGES.values()]
    asked = f'import importlib.util as u; print(*[m for m in {list(PACKAGES)} if not u.find_spec(m)])'
    return [PACKAGES[module] for module in process.run([PYTHON, '-c', asked], process.clean_environment()).output.split()]


def run_peer(script, *arguments, threads):
    """Runs peers/<script>; threads 0: as people usually write it. Returns (its JSON line, the process)."""
    environment = tuned_environment() if threads else process.clean_environment()
    environment['PYTHONDONTWRITEBYTECODE'] = '1'  # the repository stays clean
    command = [PYTHON, PEERS / script, *arguments, '--threads', threads]
    finished = process.run(command, environment)
    return json.loads(finished.output.strip().splitlines()[-1]), finished


def first_line(path, prefix=''):
    for line in Path(path).read_text().splitlines():
        if line.startswith(prefix):
            return line.partition(':')[2].strip() if prefix else line
    return ''


def machine(work, binaries, threads):
    doctor = process.run([binaries / 'latentgrid', 'doctor'], process.clean_environment()).output
    versions, _ = run_peer('machine.py', threads=threads)
    file_system = process.run(['stat', '-f', '-c', '%T', work]).output.strip()
    release = dict(line.split('=', 1) for line in Path('/etc/os-release').read_text().splitlines() if '=' in line)
    return {
        'processor': first_line('/proc/cpuinfo', 'model name'), 'cores': len(os.sched_getaffinity(0)),
        'memory_gib': round(int(first_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20, 1),
        'system': f'{release["PRETTY_NAME"].strip(chr(34))}, Linux {platform.release()}', 'file_system': file_system,
        'load_at_start': round(os.getloadavg()[0], 2), 'gemm_gflops': versions.pop('gemm_gflops'), 'peers': versions,
        'latentgrid': [' '.join(line.split()).replace(f'{REPOSITORY}/', '') for line in doctor.splitlines() if line.strip()],
    }
