"""What both sides run with: the peers' environments, the machine, the versions."""
import json
import os
import platform
import shutil
from pathlib import Path

from . import process

DEBIANS = '/usr/bin/python3'  # which has Debian's torch, sklearn and optuna
PYTHON = DEBIANS              # the peers'; --python names another
REPOSITORY = Path(__file__).resolve().parents[3]
PEERS = REPOSITORY / 'tests/bench/peers'
OPENBLAS_OPENMP = Path('/usr/lib/x86_64-linux-gnu/openblas-openmp')
PACKAGES = {'numpy': 'python3-numpy', 'torch': 'python3-torch', 'torchvision': 'python3-torchvision', 'sklearn': 'python3-sklearn',
            'optuna': 'python3-optuna', 'umap': 'umap-learn'}
MALLOC = {'MALLOC_MMAP_THRESHOLD_': 1 << 30, 'MALLOC_TRIM_THRESHOLD_': 2 << 30, 'MALLOC_TOP_PAD_': 512 << 20}


def tuned_environment():
    """Large tensors keep their pages, and the BLAS shares OpenMP's threads with everything else."""
    out = process.clean_environment()
    out.update({name: str(value) for name, value in MALLOC.items()})
    if OPENBLAS_OPENMP.is_dir():
        out['LD_LIBRARY_PATH'] = str(OPENBLAS_OPENMP)
    return out


def missing_modules(modules):
    """Those that the peers' Python lacks."""
    asked = f'import importlib.util as u; print(*[m for m in {list(modules)} if not u.find_spec(m)])'
    return process.run([PYTHON, '-c', asked], process.clean_environment()).output.split()


def missing_packages(modules):
    """(Debian packages, what else is wrong): what this machine lacks of the peers' Python with these modules."""
    there = shutil.which(PYTHON)
    if PYTHON == DEBIANS:
        return [PACKAGES[module] for module in missing_modules(modules)] if there else ['python3', *map(PACKAGES.get, modules)], []
    if not there:
        return [], [f'{PYTHON} is not there: --python names the peers\' Python']
    missing = ', '.join(missing_modules(modules))
    return [], [f'{PYTHON} lacks {missing}: install it there, or name another Python with --python'] if missing else []


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
    gpu = versions.pop('gpu')
    file_system = process.run(['stat', '-f', '-c', '%T', work]).output.strip()
    release = dict(line.split('=', 1) for line in Path('/etc/os-release').read_text().splitlines() if '=' in line)
    return {
        'processor': first_line('/proc/cpuinfo', 'model name'), 'cores': len(os.sched_getaffinity(0)),
        'memory_gib': round(int(first_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20, 1),
        'system': f'{release["PRETTY_NAME"].strip(chr(34))}, Linux {platform.release()}', 'file_system': file_system,
        'load_at_start': round(os.getloadavg()[0], 2), 'gemm_gflops': versions.pop('gemm_gflops'), 'peers': versions,
        'gpu': gpu, 'latentgrid': [' '.join(line.split()).replace(f'{REPOSITORY}/', '') for line in doctor.splitlines() if line.strip()],
    }
