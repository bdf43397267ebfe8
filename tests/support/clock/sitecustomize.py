"""Found first on a test server's PYTHONPATH: the processes of that server live so many seconds ahead."""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["TESTS_SECONDS_AHEAD"]), tick=True).start()
