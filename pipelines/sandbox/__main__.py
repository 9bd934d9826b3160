"""Serves the company `parts` until interrupted: python -m pipelines.sandbox --as-of 2026-11-20 --scale 1 --port 8123"""

import argparse
from datetime import date
from threading import Event

from pipelines.sandbox.answers import CLIENT_ID, CLIENT_SECRET
from pipelines.sandbox.company import Company
from pipelines.sandbox.server import serve


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m pipelines.sandbox", description=__doc__)
    options.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="the company's day")
    options.add_argument("--scale", type=float, default=1, help="1 is about 400 customers and 12,000 orders")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    given = options.parse_args()
    with serve(Company(given.as_of, given.scale, given.seed), port=given.port) as sandbox:
        print(f"salesforce        {sandbox.salesforce_url}")
        print(f"business_central  {sandbox.business_central_url}")
        print(f"its token address {sandbox.token_url}")
        print(f"client id {CLIENT_ID}, client secret {CLIENT_SECRET}; Ctrl-C ends it", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
