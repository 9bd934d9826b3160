"""The pages and what surrounds each of them. Start: streamlit run dashboards/server.py"""

import streamlit as st

from dashboards import access, currencies, generation, header, kept, languages, stamp, states, words
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
kept.arrive(name)
header.begin()

# The answer belongs on the first screen; Streamlit keeps 96 pixels above it empty. Polish and Russian take more
# room than English: a tile's label goes on in a second line. On a phone two tiles stand side by side: words may break.
st.html(
    "<style>.stMainBlockContainer { padding-top: 4rem; } [data-testid=stMetricLabel] *,"
    " [data-testid=stMetricDelta] * { white-space: normal !important; }"
    " [data-testid=stMetricValue] { font-size: 1.4rem; }"
    " [class*=st-key-definition-] button { min-height: 0; padding: 0; }"
    " [class*=st-key-definition-] p { font-size: 0.8rem; }"
    " @media (max-width: 640px) { [data-testid=stMetricValue] { font-size: 1.1rem; }"
    " h1 { font-size: 1.3rem !important; }"
    " [data-testid=stMetric] * { white-space: normal !important; overflow-wrap: anywhere; }"
    " [class*=st-key-choices-] { gap: 0.4rem !important; }"
    " [class*=st-key-choices-] > * { width: calc(50% - 0.2rem) !important; min-width: 0 !important;"
    " flex: 0 0 calc(50% - 0.2rem) !important; }"
    " [class*=st-key-choices-] > * > * { width: 100% !important; min-width: 0 !important; } }</style>"
)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title(words.text(f"page.{name}.question"), anchor=False, width="stretch")
    switches = st.container(horizontal=True, vertical_alignment="bottom", width="content")
    with switches:
        languages.draw()
try:
    access.reader()
    if generation.current() is None:
        raise NotPublished
    currencies.settle()
    with switches:
        currencies.draw()
    stamp.draw()
    with states.loading():
        page.run()
except access.NotAllowed as error:
    states.no_access(str(error))
except access.WrongAccess as error:
    states.wrong_access(str(error))
except NotPublished:
    states.not_published()
except Exception as error:
    states.failed(error)
st.html("<div class='page-drawn'></div>")  # for whoever takes a picture: nothing comes after it
