#!/usr/bin/env python3
"""How latentgrid's coordinator copes with very many jobs: plan, run, ls and report, their time and their peak memory.

    tests/bench/scale/scale.py --bin build/bin                  # 100,000 jobs; 10,000 no-op jobs
    tests/bench/scale/scale.py --bin build/bin --jobs 10000 --noop-jobs 1000 --runs 1

Nothing is computed: latentgrid-fake-worker takes the worker's place. The sweep is raw pixels x 10 PCA dimensions x 10
numbers of clusters x seeds, so a job shares loading, encoding and PCA with all others and has two tasks of its own,
cluster and score: 10,000 jobs are 20,003 tasks, each with an artifact and a row.

What a no-op job is: both of its own tasks go through everything but the computation. The coordinator sends each to a
worker process; the worker stages a folder, writes task.json, syncs file and folder, renames it onto its place and syncs
the parents, as the real one does; the coordinator reads it back and records it in a transaction that SQLite syncs
(synchronous=FULL). The rate counts jobs, not tasks, over the wall time of the whole command, planning and registration
included. It is bound by the disk's syncs, which overlap when workers are many: that is why -j is large there.

The large sweep that `run`, `ls` and `report` are asked about is made with unsynced artifacts, to save time; how it was
made changes nothing of what is measured.

cpu is user + system seconds of the command and its workers: on a busy machine more telling than wall. mib is the peak
resident size of the largest process.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

GRID_CELLS = 100  # without seeds


def sweep_text(name, jobs):
    seeds = ", ".join(str(seed) for seed in range(max(1, jobs // GRID_CELLS)))
    return f"""name: {name}
dataset:
  synthetic: {{images: 100, classes: 2, seed: 1}}
grid:
  architecture: raw
  reduction: [{{pca: {{dim: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}}}]
  clustering: [{{kmeans: {{k: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}}}}]
  seeds: [{seeds}]
"""


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.rows = options, folder, []

    def file(self, jobs):
        path = os.path.join(self.folder, f"jobs{jobs}.yaml")
        with open(path, "w") as out:
            out.write(sweep_text(f"jobs{jobs}", jobs))
        return path

    def command(self, results, *words, rules=None):
        """Runs it once: (wall, cpu, MiB, stdout)."""
        argv = [os.path.join(self.options.bin, "latentgrid"), "--results", os.path.join(self.folder, results), *words]
        environment = dict(os.environ, LATENTGRID_WORKER=os.path.join(self.options.bin, "latentgrid-fake-worker"))
        environment.pop("FAKE_WORKER_RULES", None)
        if rules:
            path = os.path.join(self.folder, "rules.json")
            with open(path, "w") as out:
                json.dump(rules, out)
            environment["FAKE_WORKER_RULES"] = path
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.monotonic()
            process = subprocess.Popen(argv, stdout=out, stderr=err, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            if process.returncode != 0:
                sys.exit(f"{' '.join(argv)}: exit code {process.returncode}\n{err.read().decode()}")
            return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read()

    def add(self, what, target, measured, **more):
        wall, cpu, mib = (statistics.median(column) for column in zip(*(m[:3] for m in measured)))
        row = {"what": what, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "mib": round(mib, 1), "runs": len(measured),
               "target": target, **more}
        self.rows.append(row)
        print(f"{what:<46}{wall:>9.2f} s{cpu:>9.2f} s{mib:>8.0f}   {target}"
              + "".join(f"  {name} {value}" for name, value in more.items()), flush=True)

    def times(self, results, *words):
        return [self.command(results, *words) for _ in range(self.options.runs)]

    def plan(self, jobs, target):
        self.add(f"plan {jobs:,} jobs", target, self.times("empty", "plan", self.file(jobs)))

    def noop(self, jobs):
        measured = []
        for run in range(self.options.runs):  # each in a folder of its own: ext4 is slow where much was just removed
            measured.append(self.command(f"noop{run}", "run", self.file(jobs), "-q", "--json", "-j", str(self.options.workers)))
        summary = json.loads(measured[-1][3])
        assert summary["jobs"]["complete"] == jobs, summary
        rate = jobs / statistics.median(m[0] for m in measured)
        self.add(f"run {jobs:,} no-op jobs, -j {self.options.workers}", ">= 1,000 jobs/s", measured,
                 jobs_per_s=round(rate), tasks=summary["tasks"]["executed"])

    def finished(self, jobs):
        file, name = self.file(jobs), f"jobs{jobs}"
        rules = [{"stage": "publish", "action": "unsynced"}]
        made = self.command("large", "run", file, "-q", "--json", "-j2", rules=rules)
        self.add(f"(make the finished sweep of {jobs:,} jobs)", "-", [made])
        again = self.times("large", "run", file, "-q", "--json")
        assert json.loads(again[-1][3])["tasks"]["executed"] == 0
        self.add("run it again: nothing to do", "<= 3 s", again)
        for title, words in (("the first page", []), ("the last page", ["--offset", str(jobs - 50)]),
                             ("one grid cell", ["--where", "k=3", "--where", "reduced_dim=2"]),
                             ("the best by accuracy", ["--sort", "accuracy", "-r"])):
            target = "<= 0.5 s" if "page" in title else "-"
            self.add(f"ls: {title}", target, self.times("large", "ls", name, "--limit", "50", *words))
        self.add("status", "-", self.times("large", "status"))
        self.add("report", "<= 30 s", self.times("large", "report", name, "--out", os.path.join(self.folder, "tables")))
        database = os.path.getsize(os.path.join(self.folder, "large", "latentgrid.db")) / 2**20
        print(f"the database has {database:.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/bin", help="where latentgrid and latentgrid-fake-worker are")
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--noop-jobs", type=int, default=10_000)
    parser.add_argument("--plan-jobs", type=int, default=1_000_000, help="a second plan, to see the growth; 0: none")
    parser.add_argument("--workers", type=int, default=16, help="-j of the no-op jobs")
    parser.add_argument("--runs", type=int, default=3, help="the median of so many")
    parser.add_argument("--folder", help="on the file system to measure; default: a temporary one")
    parser.add_argument("--json", help="write the rows here too")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="latentgrid-scale-", dir=options.folder)
    bench = Bench(options, folder)
    print(f"{'':<46}{'wall':>11}{'cpu':>11}{'MiB':>8}   target")
    try:
        bench.plan(options.jobs, "<= 2 s, <= 500 MiB")
        if options.plan_jobs:
            bench.plan(options.plan_jobs, "linear")
        bench.noop(options.noop_jobs)
        bench.finished(options.jobs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        with open(options.json, "w") as out:
            json.dump({"machine": platform.platform(), "cores": os.cpu_count(), "rows": bench.rows}, out, indent=1)
            out.write("\n")


if __name__ == "__main__":
    main()
