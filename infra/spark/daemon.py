"""The process that forks Spark's Python workers: PySpark's, with what workers import done before.

Spark runs it by `spark.python.daemon.module`. A fork must have one thread, and the libraries that
start some (numpy's, pandas' and Arrow's) are left to the workers.
"""

import pyspark.worker
from pyspark.daemon import manager

assert pyspark.worker

if __name__ == "__main__":
    manager()
