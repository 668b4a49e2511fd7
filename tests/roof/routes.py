"""The roof's own routes."""

from tests.trust.matrix import Row, every, public

ROWS = [
    public("/healthz"),
    Row("GET", "/readyz", every(503)),  # in the tests no process runs the jobs, and it says so
    Row("GET", "/metrics", every(404)),  # no token is configured
    public("/schema"),
    public("/schema/openapi.json"),
    Row("GET", "/schema/{path}", every(404), params={"path": "chapter"}),
    Row("GET", "/static/{build}/{file}", every(404), params={"build": "chapter", "file": "chapter"}),
]
