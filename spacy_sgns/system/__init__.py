"""What this machine and its operating system give: files, processes, memory, signals, threads."""
