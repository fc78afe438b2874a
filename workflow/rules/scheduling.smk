# Snakemake 9 limits new jobs to 100 a second and, to know when the next may start, looks at all ready jobs again after a
# second: once for every job that has ended, hundreds of times a second by the end (its pull request 3744). A limit that was
# asked for stays.


onstart:
    limit = workflow.scheduling_settings.max_jobs_per_timespan
    if limit and (limit.max_jobs, limit.timespan) == (100, 1):
        workflow.scheduler.job_rate_limiter = None
