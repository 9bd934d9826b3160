"""Serves the company `parts` until interrupted: python -m pipelines.sandbox --as-of 2026-11-20 --scale 1 --port 8123"""

import argparse
from datetime import date
from threading import Event

from pipelines.sandbox.company import Company
from pipelines.sandbox.server import SPOKEN, serve


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m pipelines.sandbox", description=__doc__)
    options.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="the company's day")
    options.add_argument("--scale", type=float, default=1, help="1 is about 400 customers and 12,000 orders")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    given = options.parse_args()
    with serve(Company(given.as_of, given.scale, given.seed), port=given.port) as sandbox:
        for system in SPOKEN:
            for name, value in sandbox.settings(system).items():
                print(f"{system}__{name}".upper() + f"={value}")
        print("Ctrl-C ends it", flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
