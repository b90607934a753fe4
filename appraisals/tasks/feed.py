from celery import shared_task
from django.conf import settings

from appraisals import feed
from appraisals.models import AppraisalCycle

# Every rating of the department, the first time.
LONGEST = 60 * 60


@shared_task(time_limit=LONGEST)
def send_ratings() -> int:
    """How many batches were written into the folder of the personnel system; without a folder none is made."""
    folder = settings.FEED_FOLDER
    if folder is None:
        return 0
    # A share that is not mounted: to make the folder would hide the files from whoever fetches them.
    if not folder.is_dir():
        raise NotADirectoryError(f"DPMAP_FEED_FOLDER is no folder: {folder}")
    cycles = AppraisalCycle.objects.select_related("organization").order_by("starts_on", "pk")
    return len(feed.write_batches(folder, cycles))
