"""The page of workers.py: what was measured, and what a million jobs need, computed from it."""
import collections
import datetime
import platform

OPENS = {"openat", "open", "creat"}
SYNCS = {"fsync", "fdatasync"}
READS = {"read", "pread64"}
WRITES = {"write", "pwrite64", "ftruncate", "sync_file_range"}
KINDS = ["open", "read", "write", "sync", "other"]
PLACES = [("to_worker", "what the coordinator says"), ("from_worker", "what the worker says"), ("heartbeat", "the worker's heartbeat"),
          ("coordinator's heartbeat", "the coordinator's heartbeat"), ("list of workers", "list of workers"), ("tmp", "staged artifact"),
          ("artifacts", "published artifact"), ("database", "database"), ("logs", "logs"), ("other", "other")]
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
        ("planning, s", lambda r: r["plan_s"], True), ("planning, MiB", lambda r: r["plan_mib"], False),
        ("until workers may join, s", lambda r: r["ready_s"], True),
        ("from then to the end, s", lambda r: r["wall_s"] - r["ready_s"], True),
        ("tasks a second, over all of that", lambda r: r["rate"], False), ("tasks a second, steady", lambda r: r["steady"], False),
        ("coordinator's CPU, s", lambda r: r["cpu_s"], True), ("– a task, ms", lambda r: 1e3 * r["cpu_s"] / r["tasks"], False),
        ("– of it in the kernel", lambda r: 1e3 * (r["cpu_s"] - r["user_s"]) / r["tasks"], False),
        ("coordinator's memory, MiB", lambda r: r["mib"], True), ("waits of the coordinator, a task", lambda r: r["switches"] / r["tasks"], False),
        ("database, MiB", lambda r: r["database"] / 2**20, True),
        ("files and folders that stay", lambda r: r["files"], True), ("– on the disk, MiB", lambda r: r["disk_bytes"] / 2**20, True),
        ("workers' CPU, ms a task (all in one process)", lambda r: 1e3 * r["workers_cpu_s"] / r["tasks"], False),
        ("load of the machine at the end", lambda r: r["load"], False)]
    head = ["", *(f"{r['tasks']:,} tasks" for r in rows)]
    if len(rows) > 1:
        head.append(f"{rows[-1]['tasks'] / rows[-2]['tasks']:.1f} times as many tasks take")
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
    return table(["who", "where", *(f"{k}s" if k != "other" else "others" for k in KINDS)], out)


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


def million(m):
    rows, found = m["rows"], rates(m)
    tasks = TASKS_A_JOB * MILLION
    rate_of = {seconds: min(NODES / seconds, m["many"]["steady"] if m.get("many") else rows[-1]["steady"]) for seconds in LENGTHS}

    def a_second(who, kinds):
        return [sum(found[who, k][0] for k in kinds) * rate_of[s] + sum(found[who, k][1] for k in kinds) * NODES for s in LENGTHS]

    cpu = slope(rows, lambda r: r["cpu_s"])
    idle = m["many"]["idle_cpu"] if m.get("many") else 0
    out = [["tasks a second", *(number(rate_of[s]) for s in LENGTHS)],
           ["hours", *(number(tasks / rate_of[s] / 3600) for s in LENGTHS)],
           ["coordinator: of one core, %", *(number(100 * (cpu * rate_of[s] + idle)) for s in LENGTHS)]]
    for who in ("coordinator", "workers"):
        out.append([f"{who}: opens and other metadata, a second", *map(number, a_second(who, ["open", "other"]))])
        out.append([f"{who}: reads and writes, a second", *map(number, a_second(who, ["read", "write"]))])
        out.append([f"{who}: syncs, a second", *map(number, a_second(who, ["sync"]))])
    text = table([f"{NODES:,} workers, tasks of", *(f"{s} s" for s in LENGTHS)], out)
    largest = rows[-1]
    planned = m["registered"][-1] if m.get("registered") else None
    facts = []
    if planned:
        facts += [f"Measured: to plan and register {planned['jobs']:,} jobs took {number(planned['ready_s'])} s ({number(planned['cpu_s'])} s of CPU, "
                  f"{planned['cpu_s'] / m['registered'][0]['cpu_s']:.1f} times that of a tenth of them), {number(planned['mib'])} MiB of memory and a database of {number(planned['database'] / 2**20)} MiB."]
    facts += [f"Database: {number(slope(rows, lambda r: r['database']) * tasks / 2**30)} GiB.",
              f"Files and folders: {number(largest['files'] / largest['tasks'] * tasks / 1e6)} million, {number(largest['disk_bytes'] / largest['tasks'] * tasks / 2**30)} GiB "
              "on the disk with artifacts of 100 images; larger ones add their bytes."]
    return text + "\n" + "".join(f"- {fact}\n" for fact in facts)


def page(m):
    parts = [f"# Very many tasks on very many workers\n\nPrinted by `tests/bench/scale/workers.py --write` on {datetime.date.today()}; its first lines say how it measures.\n\n"
             f"- Machine: {m['cores']} cores, {m['memory_gib']:.1f} GiB, {platform.platform()}; files on {m['file_system']}. Coordinator and workers share it.\n"
             f"- {m['version']}\n"
             f"- {m['workers']} workers, tasks of {m['seconds']} s; one run of each size.\n\n", growth(m)]
    if m.get("many"):
        many = m["many"]
        parts.append(f"\n{many['workers']:,} workers with {many['tasks']:,} tasks of {number(many['seconds'])} s: {number(many['steady'])} tasks a second in the steady state; "
                     f"{number(many['workers'] / many['seconds'])} would be the most, with no time between tasks. The coordinator took {number(100 * many['cpu_s'] / many['wall_s'])} % of a core and {number(many['mib'])} MiB.\n")
    if m["traced"]:
        short = m["traced"][0]
        parts.append(f"\n## Operations per task\n\nOn files of the results folder, counted by strace over {short['tasks']:,} tasks of {short['seconds']} s on {short['workers']} workers, "
                     "without planning and registration. An artifact has 2 to 5 files.\n\n")
        parts.append(operations(short))
        parts.append(f"\n## A million jobs on {NODES:,} nodes\n\nComputed for {TASKS_A_JOB} tasks a job, from the operations per task above and from those per second of a worker that computes. The latter are from {m['traced'][1]['tasks']} "
                     f"tasks of {number(m['traced'][1]['seconds'])} s, without those on the database.\n\n")
        parts.append(million(m))
    return "".join(parts)
