"""A quiet display of how far a campaign is, fed by what Snakemake tells its logger plugins."""
