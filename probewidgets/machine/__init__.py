"""What the computer is like: arrays larger than memory, files that are whole or not there, threads, matrix products."""
