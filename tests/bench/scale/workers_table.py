"""The page of workers.py: what was measured, and what a million jobs need, computed from it."""
import collections
import datetime
import math
import platform

OPENS = {"openat", "open", "creat"}
SYNCS = {"fsync", "fdatasync"}
READS = {"read", "pread64"}
WRITES = {"write", "pwrite64", "ftruncate", "sync_file_range"}
KINDS = ["open", "read", "write", "sync", "other"]
PLACES = [("to_worker", "messages to the worker"), ("from_worker", "messages from the worker"), ("heartbeat", "the worker's sign of life"),
          ("coordinator's heartbeat", "the coordinator's sign of life"), ("list of workers", "folder that lists the workers"), ("tmp", "result while it is written"),
          ("artifacts", "result in its final place"), ("database", "database"), ("logs", "logs"), ("other", "other")]
ANSWER_MS = 0.5  # of a file server, where the text needs one
MILLION = 1_000_000
NODES = 1000
TASKS_A_JOB = 2
LENGTHS = [10, 60, 600]  # seconds of a task


def kind(call):
    for name, calls in (("open", OPENS), ("sync", SYNCS), ("read", READS), ("write", WRITES)):
        if call in calls:
            return name
    return "other"


def by_place(row, who):
    """Counter of (place, kind)."""
    counts = collections.Counter()
    for name, number in row["operations"][who].items():
        place, call = name.rsplit(" ", 1)
        counts[place, kind(call)] += number
    return counts


def number(value):
    if value == 0:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def table(head, rows):
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]) + "\n"


def growth(m):
    rows = m["rows"]
    lines = [
        ("time of `latentgrid plan`, which only counts the jobs and tasks (s)", lambda r: r["plan_s"], True),
        ("memory of `latentgrid plan` (MiB)", lambda r: r["plan_mib"], False),
        ("time from the start of `latentgrid run` until workers can join, which is planning and registering the jobs (s)", lambda r: r["ready_s"], True),
        ("time from then until all tasks are done (s)", lambda r: r["wall_s"] - r["ready_s"], True),
        ("tasks done per second, average over that time", lambda r: r["rate"], False),
        ("tasks done per second, without the first and the last tenth of the tasks", lambda r: r["steady"], False),
        ("CPU time of the coordinator, whole run (s)", lambda r: r["cpu_s"], True),
        ("CPU time of the coordinator per task (ms)", lambda r: 1e3 * r["cpu_s"] / r["tasks"], False),
        ("part of that in the operating system (ms)", lambda r: 1e3 * (r["cpu_s"] - r["user_s"]) / r["tasks"], False),
        ("peak memory of the coordinator (MiB)", lambda r: r["mib"], True),
        ("how often the coordinator waited, for the disk or for workers, per task", lambda r: r["switches"] / r["tasks"], False),
        ("size of the database at the end (MiB)", lambda r: r["database"] / 2**20, True),
        ("files and folders of the results at the end", lambda r: r["files"], True),
        ("disk space of these files (MiB)", lambda r: r["disk_bytes"] / 2**20, True),
        ("CPU time of the process that stands in for all workers, per task (ms)", lambda r: 1e3 * r["workers_cpu_s"] / r["tasks"], False),
        ("load average of the machine at the end", lambda r: r["load"], False)]
    head = ["what was measured", *(f"{r['tasks']:,} tasks" for r in rows)]
    if len(rows) > 1:
        head.append(f"growth from {rows[-2]['tasks']:,} to {rows[-1]['tasks']:,} tasks, which are {rows[-1]['tasks'] / rows[-2]['tasks']:.1f} times as many")
    out = []
    for name, value, is_total in lines:
        cells = [name, *(number(value(r)) for r in rows)]
        if len(rows) > 1:
            cells.append(f"{value(rows[-1]) / value(rows[-2]):.1f} times" if is_total else "")
        out.append(cells)
    return table(head, out)


def operations(row):
    out = []
    totals = {}
    for who in ("coordinator", "workers"):
        counts = by_place(row, who)
        for place, words in PLACES:
            cells = [counts[place, k] / row["tasks"] for k in KINDS]
            if sum(cells) >= 0.005:
                out.append([who, words, *(number(round(cell, 2)) for cell in cells)])
        totals[who] = [sum(counts[place, k] for place, _ in PLACES) / row["tasks"] for k in KINDS]
        out.append([f"**{who}**", "", *(number(round(cell, 2)) for cell in totals[who])])
    return table(["who does it", "on which file or folder", "opens", "reads", "writes", "syncs", "other (renames, new folders, looking whether something is there)"], out)


def rates(m):
    """Of each side and kind on the shared folder: operations a task, and operations a worker and second."""
    short, long = m["traced"]
    found = {}
    for who in ("coordinator", "workers"):
        a, b = ({k: sum(n for (place, kind_), n in by_place(row, who).items() if kind_ == k and place != "database") for k in KINDS}
                for row in (short, long))
        for k in KINDS:
            task = a[k] / short["tasks"]
            found[who, k] = task, max(b[k] - task * long["tasks"], 0) / (long["workers"] * long["lasted_s"])
    return found


def slope(rows, value):
    """Of a task more."""
    first, last = rows[-2:] if len(rows) > 1 else (dict.fromkeys(rows[-1], 0), rows[-1])
    return (value(last) - value(first)) / (last["tasks"] - first["tasks"])


def needs(m):
    """What a million jobs on so many nodes need: by name, a value for each of LENGTHS."""
    rows, found = m["rows"], rates(m)
    tasks = TASKS_A_JOB * MILLION
    rate_of = {seconds: min(NODES / seconds, m["many"]["steady"] if m.get("many") else rows[-1]["steady"]) for seconds in LENGTHS}

    def a_second(who, kinds):
        return [sum(found[who, k][0] for k in kinds) * rate_of[s] + sum(found[who, k][1] for k in kinds) * NODES for s in LENGTHS]

    cpu = slope(rows, lambda r: r["cpu_s"])
    idle = m["many"]["idle_cpu"] if m.get("many") else 0
    out = {"rate": [rate_of[s] for s in LENGTHS], "hours": [tasks / rate_of[s] / 3600 for s in LENGTHS], "cpu": [100 * (cpu * rate_of[s] + idle) for s in LENGTHS]}
    for who in ("coordinator", "workers"):
        out[who, "metadata"] = a_second(who, ["open", "other"])
        out[who, "data"] = a_second(who, ["read", "write"])
        out[who, "syncs"] = a_second(who, ["sync"])
    return out


def facts(m):
    """Of the same, what does not depend on the tasks' length."""
    rows, tasks = m["rows"], TASKS_A_JOB * MILLION
    largest = rows[-1]
    return {"database_gib": slope(rows, lambda r: r["database"]) * tasks / 2**30, "files_millions": largest["files"] / largest["tasks"] * tasks / 1e6,
            "disk_gib": largest["disk_bytes"] / largest["tasks"] * tasks / 2**30}


def million(m):
    need, fact = needs(m), facts(m)
    words = [("tasks per second", "rate"), ("duration of the whole sweep (hours)", "hours"), ("CPU time of the coordinator (% of one core)", "cpu")]
    for who, whose in (("coordinator", "the coordinator"), ("workers", "all workers together")):
        words += [(f"opens, renames and other metadata operations of {whose}, per second", (who, "metadata")),
                  (f"reads and writes of {whose}, per second", (who, "data")), (f"syncs of {whose}, per second", (who, "syncs"))]
    text = table([f"{NODES:,} workers and a million jobs, with tasks that take", *(f"{s} s" for s in LENGTHS)],
                 [[name, *map(number, need[key])] for name, key in words])
    lines = []
    if m.get("registered"):
        tenth, planned = m["registered"][0], m["registered"][-1]
        lines += [f"Measured: to plan a sweep of {planned['jobs']:,} jobs and to enter them into the database took {number(planned['ready_s'])} s and {number(planned['cpu_s'])} s of CPU time "
                  f"({planned['cpu_s'] / tenth['cpu_s']:.1f} times that of {tenth['jobs']:,} jobs), {number(planned['mib'])} MiB of memory and a database of {number(planned['database'] / 2**20)} MiB."]
    lines += [f"Computed: with all results the database has {number(fact['database_gib'])} GiB.",
              f"Computed: there are {number(fact['files_millions'])} million files and folders, which take {number(fact['disk_gib'])} GiB on the disk. This is for 100 images; with more images the files are larger."]
    return text + "\n" + "".join(f"- {line}\n" for line in lines)


INTRODUCTION = """# Very many tasks on very many workers

How fast can latentgrid hand out work? This page measures it with tasks that compute nothing.

- **Job**: one cell of a sweep's grid, such as one number of clusters with one seed. **Task**: a piece of work for it, such as one clustering or one scoring. In these sweeps each job has two tasks of its own.
- **Coordinator**: the process `latentgrid run`. It hands out the tasks, checks their results and records them in the database.
- **Workers**: the processes that do the tasks, on a cluster one on each node. Here one process stands in for all of them: it writes everything that real workers write, and waits instead of computing.
- **Sync**: the program waits until data are safely on the disk. A task counts as done when its result is synced and in the database.

"""


def page(m):
    parts = [INTRODUCTION,
             f"`tests/bench/scale/workers.py --bin build/bin --write` repeats all measurements and writes this page. These numbers are of {m.get('date', datetime.date.today())}.\n\n"
             f"- Machine: {m['cores']} cores, {m['memory_gib']:.1f} GiB, {m.get('platform', platform.platform())}; the results are on {m['file_system']}. The coordinator and the workers share it.\n"
             f"- Program: {m['version']}\n"
             f"- {m['workers']} workers, tasks that take {m['seconds']} s each; one run of each size.\n\n", growth(m)]
    if m.get("many"):
        many = m["many"]
        parts.append(f"\nWith {many['workers']:,} workers and {many['tasks']:,} tasks of {number(many['seconds'])} s, {number(many['steady'])} tasks were done per second (without the first and the last tenth). "
                     f"{number(many['workers'] / many['seconds'])} would be the most, if workers never waited between two tasks. The coordinator took {number(100 * many['cpu_s'] / many['wall_s'])} % of one core and {number(many['mib'])} MiB.\n")
    if m["traced"]:
        short, long = m["traced"]
        parts.append(f"\n## Operations on files, per task\n\nOn a cluster these go to the shared file server. They were counted by strace over {short['tasks']:,} tasks of {short['seconds']} s on {short['workers']} workers, "
                     "from when the workers start. A result is a folder with 2 to 5 files.\n\n")
        parts.append(operations(short))
        parts.append(f"\n## A million jobs on {NODES:,} nodes\n\nComputed, with {TASKS_A_JOB} tasks for each job: the operations per task from the table above, and what a worker costs per second while it computes, counted in a second run with {long['tasks']} "
                     f"tasks of {number(long['seconds'])} s. Operations on the database are left out, as it should lie on a local disk.\n\n")
        parts.append(million(m))
    return "".join(parts)


def about(value):
    """Two digits: more would promise too much."""
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    rounded = round(value, digits)
    return f"{rounded:,.0f}" if digits <= 0 else f"{rounded:.{digits}f}".rstrip("0").rstrip(".")


def long_time(hours):
    return f"{about(hours)} hours" if hours < 72 else f"{about(hours / 24)} days"


def manual(m):
    """What docs/cluster.md says of scale."""
    need, fact, largest, tasks = needs(m), facts(m), m["rows"][-1], TASKS_A_JOB * MILLION
    found = rates(m)
    operations = {kinds: sum(found["coordinator", k][0] for k in kinds) for kinds in (("open", "other"), ("read", "write"))}
    each = list(zip(need["coordinator", "data"], need["workers", "data"])), list(zip(need["coordinator", "syncs"], need["workers", "syncs"]))
    both = [[sum(pair) for pair in pairs] for pairs in each]
    text = f"""The numbers of this section were computed by `tests/bench/scale/workers.py --bin build/bin --write`, which repeats the measurements and writes them here. [results/benchmarks-scale.md](../results/benchmarks-scale.md) has all of them.

We measured {m['workers']} workers with {largest['tasks']:,} tasks of {m['seconds']} s; the coordinator (the process of `latentgrid run`) and the workers shared {m['cores']} cores and one disk. In the steady state they did
{about(largest['steady'])} tasks per second ({about(largest['rate'])} over the whole run), and a task counted as done only when its result was on the disk and in the database. The coordinator took {about(1e3 * largest['cpu_s'] / largest['tasks'])} ms of CPU time for each task.

What a million jobs need on {NODES} nodes, computed from these measurements, with two tasks for each job:

"""
    rows = [["whole sweep", *map(long_time, need["hours"])], ["coordinator's CPU time, of one core", *(f"{about(value)} %" for value in need["cpu"])],
            ["opens, renames and other metadata operations on the shared file system per second: coordinator", *map(about, need["coordinator", "metadata"])],
            ["– all workers together", *map(about, need["workers", "metadata"])],
            ["reads and writes per second, all together", *map(about, both[0])], ["syncs per second, all together", *map(about, both[1])]]
    text += table(["length of a task", *(f"{s} s" if s < 120 else f"{s // 60} min" for s in LENGTHS)], rows).replace("| --- ", "|---", 99).replace("|--- |", "|---|")
    text += f"""
Also think of these:

- **Files.** An artifact is two folders and two to five files. A million jobs make {about(fact['files_millions'])} million files and folders, which take {about(fact['disk_gib'])} GiB on a disk with blocks of 4 KiB. Find out your quota of files
  (inodes) first. `latentgrid gc` removes what no sweep needs.
"""
    if m.get("registered"):
        planned = m["registered"][-1]
        text += f"""- **Memory and database.** Planning and registering {planned['jobs']:,} jobs took {about(planned['mib'] / 1024)} GiB of memory, {about(planned['cpu_s'])} s of CPU time and {about(planned['ready_s'])} s in all (measured). The database then
  had {about(planned['database'] / 2**30)} GiB; with all results of a million jobs it has {about(fact['database_gib'])} GiB.
"""
    text += f"""- **Starting again.** The run asks for each artifact once whether it is there. With two million artifacts and a file server that answers in {ANSWER_MS} ms, this takes {about(tasks * ANSWER_MS / 6e4)} minutes.
- **Answers of the file server.** They limit the number of tasks per second. For each task the coordinator makes about {about(operations['open', 'other'])} opens and other metadata operations and {about(operations['read', 'write'])} reads and writes, one after
  the other. If each takes {ANSWER_MS} ms, the limit is about {about(1e3 / ANSWER_MS / sum(operations.values()))} tasks per second.
"""
    return text
