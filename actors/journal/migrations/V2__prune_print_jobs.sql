-- What is printed is let go after a while: found by its age, without reading every receipt.
CREATE INDEX print_jobs_done ON print_jobs (changed_ms) WHERE state = 'done';
