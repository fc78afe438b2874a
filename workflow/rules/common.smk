# Configuration, checked before anything runs, and the helper functions that rules use. No rules here.
import sys

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

from zifmelt.campaign import Campaign
from zifmelt.config import check_consistency, explain
from zifmelt.errors import InputError

try:
    validate(config, "../schemas/config.schema.yaml")
    check_consistency(config)
    campaign = Campaign(config, workflow.basedir)
    campaign.runs
except InputError as error:
    raise WorkflowError(str(error)) from None
except WorkflowError as error:
    raise WorkflowError(explain(error.__context__)) from None
