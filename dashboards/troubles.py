"""What is shown instead of a page, or of a part of it, that cannot be drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboards import access, generation, states
from dashboards.warehouse import STOPPED, NotPublished


@contextmanager
def told() -> Iterator[None]:
    """Every way in which drawing ends, in words; a generation that was dropped meanwhile is begun anew."""
    try:
        yield
    except access.NotAllowed as error:
        states.no_access(str(error))
    except access.WrongAccess as error:
        states.wrong_access(str(error))
    except NotPublished:
        states.not_published()
    except generation.Dropped:
        st.rerun()
    except STOPPED as error:
        states.too_much(error)
    except Exception as error:
        states.failed(error)
