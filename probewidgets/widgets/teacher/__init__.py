"""ProbeTeacher: a label of one's own, taught by painting words, and what probes make of it."""
