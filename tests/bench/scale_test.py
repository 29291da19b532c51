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
        operations = {"coordinator": {"from_worker openat": 3000, "database fdatasync": 50}, "workers": {"tmp fsync": 4000}}
        longer = {"coordinator": {"from_worker openat": 300 + 20 * 100 // 2}, "workers": {"tmp fsync": 400}}
        measured = {"rows": [row(10_000), row(100_000)], "many": None, "registered": None,
                    "traced": [{"tasks": 1000, "workers": 20, "seconds": 0.1, "lasted_s": 10.0, "operations": operations},
                               {"tasks": 100, "workers": 20, "seconds": 10.0, "lasted_s": 100.0, "operations": longer}]}
        rates = workers_table.rates(measured)
        self.assertEqual(rates["coordinator", "open"], (3.0, 0.5))
        self.assertEqual(rates["coordinator", "sync"], (0.0, 0.0))
        self.assertEqual(rates["workers", "sync"], (4.0, 0.0))
        text = workers_table.million(measured)
        self.assertIn("| tasks a second | 100 | 16.7 | 1.67 |", text)
        self.assertIn("| coordinator: opens and other metadata, a second | 800 | 550 | 505 |", text)
        self.assertIn("| workers: syncs, a second | 400 | 66.7 | 6.67 |", text)
        self.assertIn("Database: 3.73 GiB.", text)

    def test_the_page_shows_how_it_grows(self):
        measured = {"workers": 200, "seconds": 0.1, "cores": 2, "memory_gib": 4.0, "file_system": "ext4", "version": "latentgrid", "traced": [],
                    "rows": [row(1000), row(10_000)]}
        text = workers_table.page(measured)
        self.assertIn("|  | 1,000 tasks | 10,000 tasks | 10.0 times as many tasks take |", text)
        self.assertIn("| coordinator's CPU, s | 0.25 | 2.5 | 10.0 times |", text)


if __name__ == "__main__":
    unittest.main()
