"""What audit facts say, whether they were simulated or recorded: ingest, measures, statistics, report."""
