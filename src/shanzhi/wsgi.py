"""The WSGI application that `shanzhi serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

from shanzhi.run.garbage import settle
from shanzhi.run.orphans import end_with_parent

end_with_parent()  # a worker of a killed server would hold its port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanzhi.settings")
application = get_wsgi_application()
settle()
