-- From schema 4 to 5: public and private accuracy only of sweeps with a split, and the range of the images' values.

DROP VIEW results;
DROP VIEW job_results;

CREATE VIEW job_results AS
SELECT j.id AS job,
       j.dataset AS dataset,
       j.architecture AS architecture,
       NULLIF(j.latent, '') AS latent,
       j.latent_dim AS latent_dim,
       NULLIF(j.epochs, 0) AS epochs,
       j.reduction AS reduction,
       j.reduced_dim AS reduced_dim,
       j.clustering AS clustering,
       j.k AS k,
       j.seed AS seed,
       j.params AS params,
       mse.value AS recon_mse,
       acc.value AS accuracy,
       pub.value AS accuracy_public,
       prv.value AS accuracy_private,
       ari.value AS ari,
       nmi.value AS nmi,
       j.state AS state,
       (SELECT sum(a.wall_s) FROM job_tasks p JOIN artifacts a ON a.task = p.task WHERE p.job = j.id) AS wall_s,
       j.reason AS reason,
       sil.value AS silhouette,
       (SELECT public_score FROM submissions WHERE job = j.id ORDER BY public_score DESC, submitted_at, file LIMIT 1) AS leaderboard_public,
       (SELECT private_score FROM submissions WHERE job = j.id ORDER BY public_score DESC, submitted_at, file LIMIT 1) AS leaderboard_private,
       CAST(fnd.value AS INTEGER) AS clusters_found,  -- not empty ones, fewer than k where many points are equal
       CASE WHEN json_type(j.params, '$.range') IS NULL THEN '[-1, 1]' ELSE '[0, 1]' END AS range  -- of the images' values
FROM jobs j
LEFT JOIN job_tasks enc ON enc.job = j.id AND enc.stage = 'encode' AND enc.step = 0
LEFT JOIN job_tasks clu ON clu.job = j.id AND clu.stage = 'cluster' AND clu.step = 0
LEFT JOIN job_tasks sco ON sco.job = j.id AND sco.stage = 'score' AND sco.step = 0
LEFT JOIN artifact_metrics mse ON mse.task = enc.task AND mse.name = 'recon_mse'
LEFT JOIN artifact_metrics acc ON acc.task = sco.task AND acc.name = 'accuracy'
LEFT JOIN artifact_metrics pub ON pub.task = sco.task AND pub.name = 'accuracy_public'
LEFT JOIN artifact_metrics prv ON prv.task = sco.task AND prv.name = 'accuracy_private'
LEFT JOIN artifact_metrics ari ON ari.task = sco.task AND ari.name = 'ari'
LEFT JOIN artifact_metrics nmi ON nmi.task = sco.task AND nmi.name = 'nmi'
LEFT JOIN artifact_metrics sil ON sil.task = sco.task AND sil.name = 'silhouette'
LEFT JOIN artifact_metrics fnd ON fnd.task = clu.task AND fnd.name = 'clusters_found';

CREATE VIEW results AS
SELECT s.name AS sweep, q.job, q.dataset, q.architecture, q.latent, q.latent_dim, q.epochs, q.reduction, q.reduced_dim,
       q.clustering, q.k, q.seed, q.params, q.recon_mse, q.accuracy,
       CASE WHEN json_extract(r.dataset, '$.default_split') THEN NULL ELSE q.accuracy_public END AS accuracy_public,
       CASE WHEN json_extract(r.dataset, '$.default_split') THEN NULL ELSE q.accuracy_private END AS accuracy_private,
       q.ari, q.nmi, q.state, q.wall_s, q.leaderboard_public, q.leaderboard_private, q.clusters_found, q.range
FROM sweeps s
JOIN sweep_revisions r ON r.sweep = s.id AND r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = s.id)
JOIN sweep_jobs sj ON sj.revision = r.id
JOIN job_results q ON q.job = sj.job;
