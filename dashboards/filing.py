"""The page as a file, at its foot: what is on it now, made when it is asked for."""

from functools import partial

import streamlit as st

from dashboards import facts, paper, pictures, words
from dashboards.drawn import Drawn

KINDS = {"pdf": (paper.pdf, "application/pdf"), "png": (paper.png, "image/png")}


def draw(shown: Drawn) -> None:
    if shown.is_empty:
        return
    if pictures.browser() is None:
        st.caption(words.text("paper.no_browser"))
        return
    name = f"{shown.page}-{facts.as_of().isoformat()}"
    with st.container(horizontal=True, gap="small"):
        for kind, (made, media) in KINDS.items():
            data, more = partial(made, shown), {"type": "tertiary", "icon": ":material/print:", "on_click": "ignore"}
            label = words.text("paper.button", kind=kind.upper())
            st.download_button(label, data, f"{name}.{kind}", media, key=f"page-{kind}", **more)
