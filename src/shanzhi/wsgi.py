"""The WSGI application that `shanzhi serve` runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from shanzhi.run.orphans import end_with_parent

end_with_parent()  # a worker of a killed server would hold its port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
application = get_wsgi_application()

# What is loaded by now stays: collecting garbage need not look at it again, and need not look often. A case is
# hundreds of small objects that are gone with their request; by default they set off a collection of everything.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
