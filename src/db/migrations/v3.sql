-- From schema 2 to 3: tasks of the report's figures, and a competition's scores.

CREATE TABLE pictures (
  revision INTEGER NOT NULL REFERENCES sweep_revisions(id),
  figure TEXT NOT NULL,                  -- its name in the report
  panel INTEGER NOT NULL,                -- from 0
  role TEXT NOT NULL,
  job TEXT NOT NULL REFERENCES jobs(id), -- whose model it is
  task INTEGER NOT NULL REFERENCES tasks(id),
  PRIMARY KEY (revision, figure, panel, role)
) STRICT, WITHOUT ROWID;

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
