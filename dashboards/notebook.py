"""A notebook on the published marts, with the same measures as the pages. Start: make notebook"""

import marimo

app = marimo.App(width="medium", app_title="From lead to cash")


@app.cell
def _():
    import marimo as mo

    from dashboards import warehouse
    from dashboards.warehouse import Month

    mo.md("# Any measure by month\nSummed and divided as on the pages: each formula is in `marts.measures`.")
    return Month, mo, warehouse


@app.cell
def _(mo, warehouse):
    known = warehouse.catalogue()
    choice = mo.ui.dropdown(sorted(known), value="revenue", label="Measure")
    choice  # noqa: B018
    return choice, known


@app.cell
def _(Month, choice, known, mo, warehouse):
    chosen = known[choice.value]
    dates = [name for name, kind in warehouse.columns(chosen["mart"]).items() if kind == "DATE"]
    by_month = warehouse.measure(choice.value, {"month": Month(dates[0])}) if dates else warehouse.measure(choice.value)
    mo.vstack([mo.md(f"**{chosen['label']}** · {chosen['unit']} · {chosen['description']}"), mo.ui.table(by_month)])
    return (by_month,)


@app.cell
def _(mo):
    from dashboards import questions

    named = mo.ui.dropdown(list(questions.known()), value=next(iter(questions.known())), label="Question")
    named  # noqa: B018
    return named, questions


@app.cell
def _(mo, named, questions):
    answer = questions.answer(named.value)
    mo.vstack([mo.md(questions.known()[named.value]), mo.ui.table(answer)])
    return (answer,)


if __name__ == "__main__":
    app.run()
