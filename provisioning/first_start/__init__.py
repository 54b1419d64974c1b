"""The first start of a site: a code on the server's own screen, and nowhere else."""
