"""What goes out: an instrument as a file that a survey platform, an archive or a printer takes."""

from relsurvey.forms.export import Exported, export_instrument
from relsurvey.forms.form import Choice, Form, Question, form_of, forms_of
from relsurvey.forms.formats import FORMATS, Format

__all__ = [
    "FORMATS",
    "Choice",
    "Exported",
    "Form",
    "Format",
    "Question",
    "export_instrument",
    "form_of",
    "forms_of",
]
