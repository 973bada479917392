"""Start a Spark session as a cluster has it: a driver, and executors in processes of their own."""

import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

CLUSTER = "local-cluster[2,1,2048]"
JAVA = 17


def why_no_spark():
    """Return why no session can be started, or ''."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "the extra 'spark' is not installed: make test-spark"
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).exists():
        return f"there is no Java; Spark needs {JAVA} or newer: make test-spark says how to get it"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < JAVA:
        return f"Spark needs Java {JAVA} or newer, this one is {found[1] if found else 'not known'}"
    return ""


def start(scratch, master=CLUSTER):
    """Start a session on `master`; in the processes of one JVM, and say so, where a cluster does not start."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.appName("adscreen tests")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "Asia/Phnom_Penh")  # not that of the machine, nor UTC
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        .config("spark.local.dir", str(scratch / "local"))
    )
    try:
        session = builder.master(master).getOrCreate()
    except Exception as error:
        warnings.warn(f"{master} does not start, tests run on local[2]: {error}", stacklevel=2)
        session = builder.master("local[2]").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def stop(session):
    """Stop the session, and remove what its executors wrote beside Spark."""
    application = session.sparkContext.applicationId
    session.stop()
    import pyspark

    shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)
