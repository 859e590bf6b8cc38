-- What is known of the run besides its events: seed, replicate, its window, and what its log shows at all.
SELECT seed, replicate, epoch_us(begins), epoch_us(t0), epoch_us(t1), sees_tasks, sees_actions FROM run
