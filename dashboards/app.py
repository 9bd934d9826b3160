"""The pages and what surrounds each of them. Start: streamlit run dashboards/server.py"""

import streamlit as st

from dashboards import (
    access,
    currencies,
    drawn,
    filing,
    following,
    generation,
    header,
    kept,
    languages,
    rubbish,
    stamp,
    states,
    troubles,
    words,
)
from dashboards.pages import HIDDEN, PAGES
from dashboards.warehouse import NotPublished

words.settle()
st.set_page_config(page_title=words.text("app.title"), layout="wide")
pages = {
    name: st.Page(
        f"views/{name}.py",
        title=words.text(f"page.{name}"),
        icon=icon,
        url_path=name.replace("_", "-"),
        visibility="hidden" if name in HIDDEN else "visible",
    )
    for name, icon in PAGES.items()
}
page = st.navigation(list(pages.values()), position="top")
name = next(name for name, known in pages.items() if known is page)
if st.session_state.get(drawn.NAMES_ALONE):
    st.stop()
words.write_down()
kept.arrive(name)
header.begin()

# The answer belongs on the first screen; Streamlit keeps 96 pixels above it empty. Polish and Russian take more
# room than English, and on a phone two tiles stand side by side: what a tile says goes on in a second line.
st.html(
    "<style>.stMainBlockContainer { padding-top: 4rem; } [data-testid=stMetricValue] { font-size: 1.4rem; }"
    " [data-testid=stMetric] *, [class*=st-key-below-] p { white-space: normal !important; }"
    " [class*=st-key-below-] button, [class*=st-key-below-] a { min-height: 0; padding: 0; }"
    " [class*=st-key-below-] p { font-size: 0.8rem; }"
    " [data-testid=stPopoverBody]:has([data-testid=stDataFrame]) { width: min(64rem, 92vw); max-width: 92vw; }"
    " @media (max-width: 640px) { [data-testid=stMetricValue] { font-size: 1.1rem; }"
    " h1 { font-size: 1.3rem !important; } [data-testid=stMetric] * { overflow-wrap: anywhere; }"
    " [class*=st-key-choices-] { gap: 0.4rem !important; }"
    " [class*=st-key-choices-] > * { width: calc(50% - 0.2rem) !important; min-width: 0 !important;"
    " flex: 0 0 calc(50% - 0.2rem) !important; }"
    " [class*=st-key-choices-] > :has([data-testid=stButtonGroup]) { width: 100% !important;"
    " flex-basis: 100% !important; }"
    " [class*=st-key-choices-] > * > * { width: 100% !important; min-width: 0 !important; } }</style>"
)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title(words.text(f"page.{name}.question"), anchor=False, width="stretch")
    switches = st.container(horizontal=True, vertical_alignment="bottom", width="content")
    with switches:
        languages.draw()
with generation.held() as published:
    with troubles.told():
        shown = drawn.begin(name)
        access.reader()
        if published is None:
            raise NotPublished
        currencies.settle()
        with switches:
            currencies.draw()
        stamp.draw()
        with states.loading():
            page.run()
        drawn.located(page.url_path)
        filing.draw(shown)
    following.draw(published)
st.html("<div class='page-drawn'></div>")  # for whoever takes a picture: nothing comes after it
rubbish.kept_from(name)
