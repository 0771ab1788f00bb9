"""A service that keeps the contract of docs/http-source.md, to read and to try: it stands in front of any database of `kind = "sql"`.

A real service answers the same questions from its own code. Here the portal's SQL connector does, so that the contract is
answered whole: what is to be copied are `signatures.py`, and the shapes in `questions.py` and `operations.py`.

    SOURCE_SECRET=… python -m portal.demo.http_service sqlite:///service.db --port 8090
"""
