"""What a step of a call asks."""

from internships.web.forms import Form, Whole


class StepForm(Form):
    """The call as it was when the page was opened."""

    version: Whole
