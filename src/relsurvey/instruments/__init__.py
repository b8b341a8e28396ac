"""What is asked: questionnaires as YAML definitions, read against a strict schema."""

from relsurvey.instruments.answers import (
    Code,
    MissingCode,
    NotApplicableCode,
    ResponseScale,
    SpecialCode,
)
from relsurvey.instruments.catalogue import Catalogue
from relsurvey.instruments.describe import describe, minimum_answered_in_words
from relsurvey.instruments.evidence import (
    Adaptation,
    AdaptedItem,
    Band,
    Change,
    Model,
    PublishedFigure,
    Source,
)
from relsurvey.instruments.items import ContextQuestion, Item, Series
from relsurvey.instruments.labels import INVISIBLE, fold_label, without_invisible
from relsurvey.instruments.load import (
    InstrumentLike,
    instrument_ids,
    list_instruments,
    load_instrument,
    validate_instrument,
)
from relsurvey.instruments.scales import MinimumAnswered, Scale
from relsurvey.instruments.schema import Instrument
from relsurvey.instruments.wording import WordingPack, load_wording, with_wording

__all__ = [
    "INVISIBLE",
    "Adaptation",
    "AdaptedItem",
    "Band",
    "Catalogue",
    "Change",
    "Code",
    "ContextQuestion",
    "Instrument",
    "InstrumentLike",
    "Item",
    "MinimumAnswered",
    "MissingCode",
    "Model",
    "NotApplicableCode",
    "PublishedFigure",
    "ResponseScale",
    "Scale",
    "Series",
    "Source",
    "SpecialCode",
    "WordingPack",
    "describe",
    "fold_label",
    "instrument_ids",
    "list_instruments",
    "load_instrument",
    "load_wording",
    "minimum_answered_in_words",
    "validate_instrument",
    "with_wording",
    "without_invisible",
]
