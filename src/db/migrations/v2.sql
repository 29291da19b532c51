-- From schema 1 to 2: an index that nothing used goes.

DROP INDEX job_tasks_by_task;
