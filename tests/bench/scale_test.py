#!/usr/bin/env python3
"""What scale/workers.py makes of strace's lines and of its numbers."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "scale"))
import workers  # noqa: E402
import workers_table  # noqa: E402

TRACE = """
100 openat(AT_FDCWD</work>, "/R/mailbox/workers/n1-7/to_worker", O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0666) = 5</R/mailbox/workers/n1-7/to_worker>
100 write(5</R/mailbox/workers/n1-7/to_worker>, ""..., 120) = 120
101 openat(AT_FDCWD</work>, "/R/mailbox/workers/n1-7/heartbeat", O_RDONLY|O_CLOEXEC <unfinished ...>
100 pread64(6</R/latentgrid.db-wal>, ""..., 4096, 0) = 4096
101 <... openat resumed>) = 7</R/mailbox/workers/n1-7/heartbeat>
100 fdatasync(6</R/latentgrid.db-wal>) = 0
100 renameat2(AT_FDCWD</work>, "/R/tmp/x/1.0", AT_FDCWD</work>, "/R/artifacts/score/ab/abcd/0", RENAME_NOREPLACE) = 0
100 openat(AT_FDCWD</work>, "/etc/passwd", O_RDONLY) = 5</etc/passwd>
100 getdents64(8</R/mailbox/workers>, 0x5 /* 3 entries */, 32768) = 80
100 +++ exited with 0 +++
"""


def row(tasks, **more):
    return {"tasks": tasks, "workers": 200, "seconds": 0.1, "plan_s": 0.1, "plan_mib": 20.0, "ready_s": tasks / 1e5, "wall_s": tasks / 800, "rate": 800.0,
            "steady": 900.0, "cpu_s": tasks / 4000, "user_s": tasks / 8000, "mib": 50.0 + tasks / 1000, "switches": tasks, "database": 2000 * tasks,
            "files": 6 * tasks, "disk_bytes": 24000 * tasks, "mailbox_bytes": 1200 * tasks, "workers_cpu_s": tasks / 1000, "load": 1.0, **more}


def a_measurement():
    operations = {"coordinator": {"from_worker openat": 3000, "database fdatasync": 50}, "workers": {"tmp fsync": 4000}}
    longer = {"coordinator": {"from_worker openat": 300 + 20 * 100 // 2}, "workers": {"tmp fsync": 400}}
    measured = {"rows": [row(10_000), row(100_000)], "many": None, "registered": None,
                "traced": [{"tasks": 1000, "workers": 20, "seconds": 0.1, "lasted_s": 10.0, "operations": operations},
                           {"tasks": 100, "workers": 20, "seconds": 10.0, "lasted_s": 100.0, "operations": longer}]}
    return {**measured, "workers": 200, "seconds": 0.1, "cores": 2}


class Scale(unittest.TestCase):
    def test_operations_are_counted_by_what_they_are_done_to(self):
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(os.path.realpath(folder), "results")
            trace = os.path.join(folder, "trace")
            with open(trace, "w") as out:
                out.write(TRACE.replace("/R/", results + "/"))
            self.assertEqual(dict(workers.operations(trace, results)), {
                ("to_worker", "openat"): 1, ("to_worker", "write"): 1, ("heartbeat", "openat"): 1, ("database", "pread64"): 1,
                ("database", "fdatasync"): 1, ("tmp", "renameat2"): 1, ("list of workers", "getdents64"): 1})

    def test_what_a_million_jobs_need_is_what_a_task_and_a_second_cost(self):
        measured = a_measurement()
        rates = workers_table.rates(measured)
        self.assertEqual(rates["coordinator", "open"], (3.0, 0.5))
        self.assertEqual(rates["coordinator", "sync"], (0.0, 0.0))
        self.assertEqual(rates["workers", "sync"], (4.0, 0.0))
        text = workers_table.million(measured)
        self.assertIn("| tasks per second | 100 | 16.7 | 1.67 |", text)
        self.assertIn("| opens, renames and other metadata operations of the coordinator, per second | 800 | 550 | 505 |", text)
        self.assertIn("| syncs of all workers together, per second | 400 | 66.7 | 6.67 |", text)
        self.assertIn("with all results the database has 3.73 GiB.", text)

    def test_the_manual_says_the_same_in_two_digits(self):
        measured = a_measurement()
        measured["registered"] = [{"jobs": 100_000, "cpu_s": 4.0}, {"jobs": 1_000_000, "cpu_s": 44.4, "ready_s": 51.7, "mib": 2157.0, "database": 1108 * 2**20}]
        text = workers_table.manual(measured)
        self.assertIn("We measured 200 workers with 100,000 tasks of 0.1 s", text)
        self.assertIn("900 tasks per second (800 over the whole run)", text)
        self.assertIn("The coordinator took 0.25 ms of CPU time for each task", text)
        self.assertIn("| length of a task | 10 s | 60 s | 10 min |\n|---|---|---|---|\n| whole sweep | 5.6 hours | 33 hours | 14 days |", text)
        self.assertIn("shared file system per second: coordinator | 800 | 550 | 500 |\n| – all workers together | 0 | 0 | 0 |", text)
        self.assertIn("| syncs per second, all together | 400 | 67 | 6.7 |", text)
        self.assertIn("Planning and registering 1,000,000 jobs took 2.1 GiB of memory, 44 s of CPU time and 52 s in all", text)
        self.assertIn("this takes 17 minutes", text)
        self.assertIn("about 3 opens and other metadata operations and 0 reads and writes", text)
        self.assertIn("the limit is about 670 tasks per second", text)

    def test_two_digits(self):
        for value, text in ((0, "0"), (0.347, "0.35"), (4.32, "4.3"), (5.96, "6"), (93.2, "93"), (427, "430"), (1684, "1,700"), (996, "1,000"), (12.0, "12")):
            self.assertEqual(workers_table.about(value), text)

    def test_the_manual_has_a_place_for_them(self):
        with open(workers.MANUAL) as manual:
            changed = workers.with_numbers(manual.read(), "numbers\n")
        self.assertEqual(workers.with_numbers(changed, "numbers\n"), changed)
        self.assertIn(workers.BEGIN + "\nnumbers\n\n" + workers.END, changed)

    def test_the_page_shows_how_it_grows(self):
        measured = {"workers": 200, "seconds": 0.1, "cores": 2, "memory_gib": 4.0, "file_system": "ext4", "version": "latentgrid", "traced": [],
                    "rows": [row(1000), row(10_000)]}
        text = workers_table.page(measured)
        self.assertIn("| what was measured | 1,000 tasks | 10,000 tasks | growth from 1,000 to 10,000 tasks, which are 10.0 times as many |", text)
        self.assertIn("| CPU time of the coordinator, whole run (s) | 0.25 | 2.5 | 10.0 times |", text)


if __name__ == "__main__":
    unittest.main()
