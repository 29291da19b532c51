-- latentgrid.db, schema version 5. A change here needs a migration in migrations/ and a frozen copy of the new
-- schema in tests/unit/db/schemas/. The views are made by views.cpp, and need neither.
--
-- A sweep has revisions; a revision has jobs; a job has a path of tasks. A task is a node of the task graph, identified by
-- (stage, key, extent) and shared by every job that needs it; an artifact is a task that was executed. Keys are 64 hex
-- digits; tables refer to them by a small integer, so that a hundred thousand jobs stay a small file.

CREATE TABLE sweeps (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sweep_revisions (
  id INTEGER PRIMARY KEY,
  sweep INTEGER NOT NULL REFERENCES sweeps(id),
  number INTEGER NOT NULL,               -- 1, 2, ... within the sweep; the largest is the latest
  file TEXT NOT NULL,
  yaml TEXT NOT NULL,
  options TEXT NOT NULL,                 -- JSON: --set, --data
  report TEXT NOT NULL,                  -- JSON: the checked `report:` section
  dataset TEXT NOT NULL,                 -- JSON: name, images, labelled, classes, shape
  provenance TEXT NOT NULL,              -- JSON: build, git commit, library versions, host
  content TEXT NOT NULL,                 -- SHA-256 of everything that makes a revision differ from the one before
  created_at TEXT NOT NULL,
  UNIQUE (sweep, number)
) STRICT;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,                   -- the first 12 hex digits of its key
  key TEXT NOT NULL,
  dataset TEXT NOT NULL,
  architecture TEXT NOT NULL,
  latent TEXT NOT NULL,
  latent_dim INTEGER NOT NULL,
  epochs INTEGER NOT NULL,
  reduction TEXT NOT NULL,
  reduced_dim INTEGER NOT NULL,
  clustering TEXT NOT NULL,
  k INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  params TEXT NOT NULL,                  -- JSON: every other parameter, after defaults
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'running', 'complete', 'failed', 'skipped')),
  reason TEXT NOT NULL DEFAULT '',
  changed_at TEXT                        -- of the state; NULL: never run
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep_jobs (
  revision INTEGER NOT NULL REFERENCES sweep_revisions(id),
  position INTEGER NOT NULL,             -- in the order of the file, from 0
  job TEXT NOT NULL REFERENCES jobs(id),
  PRIMARY KEY (revision, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sweep_jobs_by_job ON sweep_jobs (job, revision);

CREATE TABLE job_params (
  job TEXT NOT NULL REFERENCES jobs(id),
  axis TEXT NOT NULL,
  value ANY,                             -- integer, real or text as written; JSON for anything else
  PRIMARY KEY (job, axis)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  stage TEXT NOT NULL,
  key TEXT NOT NULL,
  extent INTEGER NOT NULL,
  UNIQUE (key, extent, stage)
) STRICT;

CREATE TABLE job_tasks (
  job TEXT NOT NULL REFERENCES jobs(id),
  stage TEXT NOT NULL,
  step INTEGER NOT NULL,                 -- counts a stage's occurrences on the path: pca50+tsne has reduce 0 and 1
  position INTEGER NOT NULL,             -- on the path, from 0
  task INTEGER NOT NULL REFERENCES tasks(id),
  PRIMARY KEY (job, stage, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
  task INTEGER PRIMARY KEY REFERENCES tasks(id),
  recorded_at TEXT NOT NULL,
  method TEXT,
  wall_s REAL,
  cpu_s REAL,
  peak_rss_kb INTEGER,
  host TEXT,
  device TEXT,
  threads INTEGER,
  seed INTEGER,
  build TEXT,
  git_commit TEXT,
  libraries TEXT,                        -- JSON: name -> version
  record TEXT NOT NULL                   -- JSON: the artifact's whole task.json
) STRICT;

CREATE TABLE artifact_metrics (
  task INTEGER NOT NULL REFERENCES artifacts(task),
  name TEXT NOT NULL,
  value REAL,                            -- NULL: not a finite number
  PRIMARY KEY (task, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE train_losses (
  task INTEGER NOT NULL REFERENCES artifacts(task),
  epoch INTEGER NOT NULL,                -- from 1
  loss REAL,
  PRIMARY KEY (task, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
  id INTEGER PRIMARY KEY,
  stage TEXT NOT NULL,
  key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (key, at, attempt, kind)
) STRICT;

-- Tasks of figures: what the report's figures need beside the jobs, planned and run as tasks of their own. A figure has panels; a
-- panel has one task for each role it plays: 'reconstruct', or of a map 'images', 'labels', 'embedding', 'step0', 'step1', ...
-- (the reductions before the last), 'own' (the embedding, where it is the job's) and 'trustworthiness'.
CREATE TABLE pictures (
  revision INTEGER NOT NULL REFERENCES sweep_revisions(id),
  figure TEXT NOT NULL,                  -- its name in the report
  panel INTEGER NOT NULL,                -- from 0
  role TEXT NOT NULL,
  job TEXT NOT NULL REFERENCES jobs(id), -- whose model it is
  task INTEGER NOT NULL REFERENCES tasks(id),
  PRIMARY KEY (revision, figure, panel, role)
) STRICT, WITHOUT ROWID;

-- Scores that a competition gave back for a job's submitted labels.
CREATE TABLE submissions (
  job TEXT NOT NULL REFERENCES jobs(id),
  file TEXT NOT NULL,                    -- as uploaded
  submitted_at TEXT NOT NULL,            -- as the competition writes it; '' if it doesn't
  description TEXT NOT NULL,
  public_score REAL,
  private_score REAL,
  imported_at TEXT NOT NULL,
  PRIMARY KEY (job, file, submitted_at)
) STRICT, WITHOUT ROWID;
-- The best one of a job, without sorting for each of a hundred thousand jobs.
CREATE INDEX submissions_by_score ON submissions (job, public_score DESC, submitted_at, file, private_score);
