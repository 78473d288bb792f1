"""What people read about documents: the kinds, why each is asked for, where each stands, and why one was not taken."""

from internships.applications.documents import DocumentKind, DocumentState
from internships.core.files.kinds import Because
from internships.core.i18n import Lazy, lazy_p
from internships.core.i18n import lazy as _

KINDS: dict[DocumentKind, Lazy] = {
    DocumentKind.CV: lazy_p("document", "Curriculum vitae"),
    DocumentKind.TRANSCRIPT: lazy_p("document", "Transcript of records"),
    DocumentKind.ENROLMENT: lazy_p("document", "Proof of enrolment or graduation"),
    DocumentKind.LANGUAGE_EVIDENCE: lazy_p("document", "Evidence of your languages"),
}
WHY: dict[DocumentKind, Lazy] = {
    DocumentKind.CV: _(
        "Your studies and work on one or two pages, if you have it at hand. Your answers in the other tasks count as much; "
        "leave out a photo, your age and your family status."
    ),
    DocumentKind.TRANSCRIPT: _(
        "A list of your courses, with or without marks. It shows a host what you have learnt; your own list is enough if "
        "your university gives none."
    ),
    DocumentKind.ENROLMENT: _(
        "A letter or certificate of your university, or your diploma. We hold it against the rule of the call about studies."
    ),
    DocumentKind.LANGUAGE_EVIDENCE: _(
        "A certificate, a school report or a teacher’s note. It supports what you said about your languages."
    ),
}
STATES: dict[DocumentState, tuple[Lazy, str]] = {
    DocumentState.RECEIVED: (lazy_p("document", "We are checking it"), "wait"),
    DocumentState.CHECKING: (lazy_p("document", "We are checking it"), "wait"),
    DocumentState.CLEAN: (lazy_p("document", "Checked"), "good"),
    DocumentState.REFUSED: (lazy_p("document", "Not taken"), "bad"),
}
KINDS_FOR_OTHERS = KINDS | {DocumentKind.LANGUAGE_EVIDENCE: lazy_p("document", "Evidence of languages")}
STATES_FOR_STAFF: dict[DocumentState, tuple[Lazy, str]] = {
    DocumentState.RECEIVED: (lazy_p("document for staff", "Being checked"), "wait"),
    DocumentState.CHECKING: (lazy_p("document for staff", "Being checked"), "wait"),
    DocumentState.CLEAN: (lazy_p("document", "Checked"), "good"),
    DocumentState.REFUSED: (lazy_p("document", "Not taken"), "bad"),
}
BECAUSE: dict[Because, Lazy] = {
    Because.EMPTY: _("This file is empty. Save it again on your device and choose it once more."),
    Because.TOO_BIG: _("This file is bigger than 5 MB. Save it smaller, or photograph it with less detail."),
    Because.WRONG_TYPE: _(
        "This is not a PDF, JPEG or PNG file. Save or print the document as PDF and choose that file."
    ),
    Because.PROTECTED: _("This PDF is protected with a password. Save it without protection and choose it again."),
    Because.DAMAGED: _(
        "We could not read this file to its end. Save or print it as PDF once more and choose that file."
    ),
    Because.INFECTED: _(
        "Our scanner found something harmful in this file. Choose a file from another device or source."
    ),
    Because.TOO_MANY_PAGES: _("This document has more than 300 pages. Give only the pages that matter."),
    Because.TOO_MANY_PIXELS: _("This picture has more than 40 million pixels. Save it smaller and choose it again."),
    Because.UNPACKS_TOO_BIG: _(
        "This file is packed so tightly that it cannot be opened safely. Save or print it as PDF."
    ),
    Because.HOLDS_FILES: _("This PDF is a folder of other files or a form. Print it as PDF and choose that file."),
    Because.LOST: _("We no longer have this file, which is our fault. Please give it again."),
}
BECAUSE_FOR_STAFF: dict[Because, Lazy] = {
    Because.EMPTY: lazy_p("document", "empty"),
    Because.TOO_BIG: lazy_p("document", "too big"),
    Because.WRONG_TYPE: lazy_p("document", "no PDF, JPEG or PNG"),
    Because.PROTECTED: lazy_p("document", "protected with a password"),
    Because.DAMAGED: lazy_p("document", "could not be read"),
    Because.INFECTED: lazy_p("document", "harmful, says the scanner"),
    Because.TOO_MANY_PAGES: lazy_p("document", "too many pages"),
    Because.TOO_MANY_PIXELS: lazy_p("document", "too many pixels"),
    Because.UNPACKS_TOO_BIG: lazy_p("document", "packed too tightly"),
    Because.HOLDS_FILES: lazy_p("document", "a folder of files, or a form"),
    Because.LOST: lazy_p("document", "lost; ask the person for it again"),
}
NO_FILE = _("Choose a file.")
TOO_MANY = _("You have given as many files as there is room for. Remove one before you add another.")
TOO_MANY_OF_KIND = _("You have given as many of these as the call asks for. Replace one, or remove it first.")
