"""Who belongs to whom: one row a worker joined to the many service users of that worker."""

from relsurvey.linkage.link import Linked, link
from relsurvey.linkage.log import LinkLog

__all__ = ["LinkLog", "Linked", "link"]
