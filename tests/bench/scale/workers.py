#!/usr/bin/env python3
"""How latentgrid's coordinator copes with very many workers: tasks a second, CPU, memory, files and operations on files.

    tests/bench/scale/workers.py --bin build/bin             # 200 workers; 1,000, 10,000 and 100,000 tasks of 0.1 s
    tests/bench/scale/workers.py --bin build/bin --write     # and results/benchmarks-scale.md and "How far it goes" in docs/cluster.md
    tests/bench/scale/workers.py --bin build/bin --quick     # 8 workers and 60 tasks: whether it works

`latentgrid run --executor mailbox` is real, and so is all that it and the workers write: lines and heartbeats of the
mailboxes, artifacts, which are synced and renamed, rows of the database, each transaction synced. Only the computation
is missing: latentgrid-stand-in-workers has the worker's end of every mailbox in one process (tests/support/stand_in_workers.cpp).
The sweep is that of scale.py, of which a job has two tasks of its own.

The coordinator's CPU is user + system seconds of its process; the workers have that of theirs. The steady rate is that
of the tasks from the tenth to the ninetieth of a hundred, by when they were recorded. Operations on files are counted by
strace, where it is installed, in runs of their own: of 20 workers with tasks of 0.1 s, and with tasks of 10 s, which tells
what a worker costs while it computes.

On two cores all of it takes about 15 minutes, 3 GiB of memory and 8 GB of the disk; it says on stderr what it does. What it
writes is removed and what it starts is ended, also when it is interrupted.
"""

import argparse
import collections
import datetime
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from scale import sweep_text
from workers_table import manual, page

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "..", "results", "benchmarks-scale.md")
MANUAL = os.path.join(HERE, "..", "..", "..", "docs", "cluster.md")
BEGIN, END = "<!-- written by tests/bench/scale/workers.py -->\n", "<!-- end of what workers.py writes -->\n"
METADATA = {"openat", "open", "creat", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
            "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "getdents64", "readlink"}
DATA = {"read", "pread64", "write", "pwrite64", "ftruncate", "sync_file_range"}
SYNCS = {"fsync", "fdatasync"}


class Process:
    """A child, with what it used."""

    running = set()

    def __init__(self, argv, trace=None):
        program = argv[0]
        if trace:
            calls = ",".join(sorted(METADATA | DATA | SYNCS - {"creat"}))
            argv = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", trace, "-e", "trace=" + calls, *argv]
        self.argv, self.started = argv, time.monotonic()
        # Nobody starts this worker, but `run` asks whether it is there.
        environment = dict(os.environ, LATENTGRID_WORKER=os.path.join(os.path.dirname(os.path.abspath(program)), "latentgrid-stand-in-workers"))
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        Process.running.add(self)
        self.lines, self.said = [], threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.said:
                self.lines.append((time.monotonic() - self.started, line))
                self.said.notify_all()
        with self.said:
            self.lines.append((time.monotonic() - self.started, None))
            self.said.notify_all()

    def wait_for(self, text):
        """Seconds from its start to the line."""
        with self.said:
            while True:
                for at, line in self.lines:
                    if line is None or text in line:
                        return at
                self.said.wait()

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, codes=(0,)):
        out = self.process.stdout.read()
        _, status, usage = os.wait4(self.process.pid, 0)
        Process.running.discard(self)
        self.wall = time.monotonic() - self.started
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.reader.join()
        if self.process.returncode not in codes:
            err = "".join(line for _, line in self.lines if line)
            sys.exit(f"{' '.join(self.argv)}: exit code {self.process.returncode}\n{out}{err}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.user = usage.ru_utime
        self.mib = usage.ru_maxrss / 1024
        self.switches = usage.ru_nvcsw
        return out

    @staticmethod
    def end_all():
        for child in list(Process.running):
            child.process.kill()
            child.process.wait()


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        traced = options.traced_tasks and shutil.which("strace")
        self.step, self.steps = 0, len(options.tasks.split(",")) + bool(options.many_workers) + 2 * bool(options.jobs) + 2 * bool(traced)

    def program(self, name):
        return os.path.join(self.options.bin, name)

    def results(self, name):
        return os.path.join(self.folder, name)

    def file(self, jobs):
        path = os.path.join(self.folder, f"jobs{jobs}.yaml")
        with open(path, "w") as out:
            out.write(sweep_text(f"jobs{jobs}", jobs))
        return path

    def coordinator(self, name, jobs, trace=None):
        return Process([self.program("latentgrid"), "--results", self.results(name), "run", self.file(jobs), "--json", "--executor", "mailbox"],
                       trace)

    def workers(self, name, count, seconds, trace=None):
        return Process([self.program("latentgrid-stand-in-workers"), os.path.join(self.results(name), "mailbox"), str(count), str(seconds)], trace)

    def tasks(self, tasks, count, seconds):
        """So many tasks of so many workers."""
        name = f"tasks{tasks}of{count}"
        self.say(f"about {tasks:,} tasks of {seconds:g} s on {count:,} workers", max(tasks / 420, tasks * seconds / count) * 1.3 + 10)
        plan = Process([self.program("latentgrid"), "--results", self.results("empty"), "plan", self.file(tasks // 2)])
        plan.wait()
        coordinator = self.coordinator(name, tasks // 2)
        ready = coordinator.wait_for("waiting for workers")
        workers = self.workers(name, count, seconds)
        summary = json.loads(coordinator.wait())
        workers.wait()
        executed = summary["tasks"]["executed"]
        row = {"tasks": executed, "workers": count, "seconds": seconds, "plan_s": plan.wall, "plan_cpu_s": plan.cpu, "plan_mib": plan.mib, "ready_s": ready, "wall_s": coordinator.wall,
               "rate": executed / (coordinator.wall - ready), "cpu_s": coordinator.cpu, "user_s": coordinator.user, "mib": coordinator.mib,
               "switches": coordinator.switches, "workers_cpu_s": workers.cpu, "load": os.getloadavg()[0],
               **self.recorded(name, executed), **self.space(name)}
        assert row["artifacts"] == row["recorded"], row
        self.show(row)
        return row

    def many(self, count, seconds, of_tasks):
        """As many workers as a cluster has nodes; `of_tasks`: a row that tells what a task costs."""
        row = self.tasks(4 * count, count, seconds)
        row["idle_cpu"] = max(row["cpu_s"] - of_tasks["cpu_s"] / of_tasks["tasks"] * row["tasks"], 0) / row["wall_s"]
        return row

    def recorded(self, name, executed):
        path = os.path.join(self.results(name), "latentgrid.db")
        database = sqlite3.connect(path)
        moments = [moment for (moment,) in database.execute(
            "SELECT julianday(recorded_at) * 86400 FROM artifacts ORDER BY recorded_at")]
        complete = database.execute("SELECT count(*) FROM jobs WHERE state <> 'complete'").fetchone()[0] == 0
        database.close()
        assert complete and len(moments) >= executed  # the PCA is one task with ten artifacts
        first, last = len(moments) // 10, 9 * len(moments) // 10
        return {"recorded": len(moments), "steady": (last - first) / max(moments[last] - moments[first], 1e-3), "database": os.path.getsize(path)}

    def space(self, name):
        """Of files and folders that stay, and of the mailboxes."""
        counts = collections.Counter()
        for top in ("artifacts", "mailbox", "tmp", "logs"):
            for folder, folders, files in os.walk(os.path.join(self.results(name), top)):
                counts[top] += len(folders) + len(files)
                counts[top + "_disk"] += sum(os.lstat(os.path.join(folder, name)).st_blocks for name in folders + files) * 512
                for file in files:
                    counts[top + "_bytes"] += os.lstat(os.path.join(folder, file)).st_size
                    counts["records"] += file == "task.json" and top == "artifacts"
        return {"files": counts["artifacts"], "disk_bytes": counts["artifacts_disk"], "mailbox_bytes": counts["mailbox_bytes"],
                "artifacts": counts["records"]}

    def registered(self, jobs):
        """A sweep that is planned and registered, and then waits for workers."""
        name = f"registered{jobs}"
        self.say(f"planning and registering {jobs:,} jobs", jobs / 16_000)
        coordinator = self.coordinator(name, jobs)
        ready = coordinator.wait_for("waiting for workers")
        coordinator.signal(signal.SIGINT)
        coordinator.wait(codes=(130,))
        database = os.path.getsize(os.path.join(self.results(name), "latentgrid.db"))
        os.remove(os.path.join(self.results(name), "latentgrid.db"))
        row = {"jobs": jobs, "ready_s": ready, "cpu_s": coordinator.cpu, "mib": coordinator.mib, "database": database}
        self.show(row)
        return row

    def traced(self, name, jobs, seconds):
        """Operations on files of the results folder, by whom and on what."""
        traces = [os.path.join(self.folder, f"{name}.{who}.strace") for who in ("coordinator", "workers")]
        count = self.options.traced_workers
        self.say(f"operations on files of about {2 * jobs:,} tasks of {seconds:g} s on {count} workers", max(2 * jobs / 40, 2 * jobs * seconds / count) + 10)
        coordinator = self.coordinator(name, jobs, traces[0])
        coordinator.wait_for("waiting for workers")
        for trace in traces[:1]:
            before = operations(trace, self.results(name))
        begun = time.monotonic()
        workers = self.workers(name, self.options.traced_workers, seconds, traces[1])
        executed = json.loads(coordinator.wait())["tasks"]["executed"]
        lasted = time.monotonic() - begun
        workers.wait()
        counted = {who: operations(trace, self.results(name)) for who, trace in zip(("coordinator", "workers"), traces)}
        counted["coordinator"].subtract(before)
        row = {"tasks": executed, "seconds": seconds, "lasted_s": lasted, "workers": self.options.traced_workers,
               "operations": {who: {f"{place} {kind}": n for (place, kind), n in counts.items() if n > 0} for who, counts in counted.items()}}
        self.show(row)
        return row

    def say(self, what, seconds):
        """`seconds`: about how long it takes."""
        self.step += 1
        about = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
        print(f"{time.strftime('%H:%M:%S')} {self.step} of {self.steps}: {what}; takes about {about}", file=sys.stderr, flush=True)

    def show(self, row):
        print(json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}), flush=True)


def operations(trace, results):
    """How often each kind of system call was made on each kind of place: Counter of (place, call)."""
    counts = collections.Counter()
    results = os.path.realpath(results)
    call = re.compile(r"^(?:\d+ +)?(\w+)\(")
    with open(trace) as lines:
        for line in lines:
            found = call.match(line)
            at = line.find(results)
            if not found or at < 0:
                continue
            counts[place(line[at + len(results) + 1:]), found.group(1)] += 1
    return counts


def place(rest):
    """What the end of a path, from the results folder on, is part of."""
    if rest.startswith("mailbox"):
        for name in ("to_worker", "from_worker", "heartbeat"):
            if re.match(r"mailbox/workers/[^/\">]+/" + name, rest):
                return name
        return "coordinator's heartbeat" if rest.startswith("mailbox/coordinator") else "list of workers"
    for name in ("artifacts", "tmp", "latentgrid.db", "logs"):
        if rest.startswith(name):
            return {"latentgrid.db": "database"}.get(name, name)
    return "other"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="build/bin", help="where latentgrid and latentgrid-stand-in-workers are")
    parser.add_argument("--tasks", default="1000,10000,100000")
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0.1, help="that a task takes")
    parser.add_argument("--jobs", type=int, default=1_000_000, help="of a sweep that is planned and registered only; 0: none")
    parser.add_argument("--many-workers", type=int, default=1000, help="4 times as many tasks are done by so many; 0: not")
    parser.add_argument("--many-seconds", type=float, default=10, help="that each of these takes")
    parser.add_argument("--traced-tasks", type=int, default=2000, help="0: none")
    parser.add_argument("--traced-workers", type=int, default=20)
    parser.add_argument("--traced-seconds", type=float, default=10, help="that the tasks of the second traced run take")
    parser.add_argument("--quick", action="store_true", help="very little of each")
    parser.add_argument("--folder", help="on the file system to measure; default: a temporary one")
    parser.add_argument("--json", help="write the numbers here")
    parser.add_argument("--from", dest="earlier", help="measure nothing: the numbers are in this file of an earlier --json")
    parser.add_argument("--write", action="store_true", help="write results/benchmarks-scale.md, and the numbers in docs/cluster.md")
    options = parser.parse_args()
    if options.quick and options.write:
        parser.error("--quick measures too little to be written down")
    if options.quick:
        options.tasks, options.workers, options.seconds, options.jobs = "60", 8, 0.01, 100
        options.many_workers, options.many_seconds = 12, 0.02
        options.traced_tasks, options.traced_workers, options.traced_seconds = min(options.traced_tasks, 60), 4, 0.05
    if options.earlier:
        return show(options, json.load(open(options.earlier)))
    for program in ("latentgrid", "latentgrid-stand-in-workers"):
        if not os.access(os.path.join(options.bin, program), os.X_OK):
            sys.exit(f"{os.path.join(options.bin, program)} is not there: cmake --build build --target latentgrid latentgrid-stand-in-workers")
    if options.write and not shutil.which("strace"):
        sys.exit("the page needs strace: apt-get install strace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="latentgrid-workers-", dir=options.folder)
    try:
        show(options, measure(options, folder))
    finally:  # at the end: file systems are slow where much was just removed
        Process.end_all()
        print(f"{time.strftime('%H:%M:%S')} removing {folder}", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)


def show(options, measured):
    if options.json:
        with open(options.json, "w") as out:
            json.dump(measured, out, indent=1)
    text = page(measured)
    print(text, flush=True)
    if options.write:
        with open(PAGE, "w") as out:
            out.write(text)
        with open(MANUAL) as manual_page:
            changed = with_numbers(manual_page.read(), manual(measured))
        with open(MANUAL, "w") as out:
            out.write(changed)


def with_numbers(manual_page, text):
    """The manual's page with what workers.py says in place of what it said before."""
    before, rest = manual_page.split(BEGIN)
    return before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1]


def measure(options, folder):
    bench = Bench(options, folder)
    measured = {"date": str(datetime.date.today()), "platform": platform.platform(), "workers": options.workers, "seconds": options.seconds, "cores": os.cpu_count(), "rows": [], "traced": [],
                "memory_gib": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30,
                "file_system": subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True).stdout.strip(),
                "version": subprocess.run([bench.program("latentgrid"), "--version"], capture_output=True, text=True).stdout.strip()}
    for tasks in options.tasks.split(","):
        measured["rows"].append(bench.tasks(int(tasks), options.workers, options.seconds))
    if options.many_workers:
        measured["many"] = bench.many(options.many_workers, options.many_seconds, measured["rows"][-1])
    if options.jobs:
        measured["registered"] = [bench.registered(options.jobs // 10), bench.registered(options.jobs)]
    if options.traced_tasks and shutil.which("strace"):
        measured["traced"] = [bench.traced("short", options.traced_tasks // 2, options.seconds),
                              bench.traced("long", options.traced_workers, options.traced_seconds)]
    return measured


if __name__ == "__main__":
    main()
