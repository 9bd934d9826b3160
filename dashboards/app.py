"""The pages and what surrounds each of them. Start: streamlit run dashboards/server.py"""

import streamlit as st

from dashboards import generation, languages, stamp, states, words
from dashboards.warehouse import NotPublished

PAGES = {
    "customer_profitability": ":material/trending_up:",
    "order_cycle_time": ":material/schedule:",
    "funnel_to_cash": ":material/filter_alt:",
    "who_is_who": ":material/group:",
    "trust": ":material/verified:",
}

words.settle()
st.set_page_config(page_title=words.text("app.title"), layout="wide")
pages = {
    name: st.Page(f"views/{name}.py", title=words.text(f"page.{name}"), icon=icon, url_path=name.replace("_", "-"))
    for name, icon in PAGES.items()
}
page = st.navigation(list(pages.values()), position="top")
name = next(name for name, known in pages.items() if known is page)

# The answer belongs on the first screen; Streamlit keeps 96 pixels above it empty.
st.html("<style>.stMainBlockContainer { padding-top: 4rem; }</style>")
# Polish and Russian take more room than English: a tile's label goes on in a second line, its value is a size smaller.
st.html(
    "<style>[data-testid=stMetricLabel] * { white-space: normal; } [data-testid=stMetricValue] { font-size: 1.4rem; }"
    "@media (max-width: 640px) { [data-testid=stMetricValue] { font-size: 1.25rem; } }</style>"
)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title(words.text(f"page.{name}.question"), anchor=False, width="stretch")
    languages.draw()
try:
    if generation.current() is None:
        raise NotPublished
    stamp.draw()
    page.run()
except NotPublished:
    states.not_published()
except Exception as error:
    states.failed(error)
