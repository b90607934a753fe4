import json
import subprocess
import sys

import pytest

from dpmap.embedded import BASE_DIR
from tests.dpmap.environment import environment

ASK = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["session"] = "x" * 32
answers = {path: client.get(path) for path in ("/livez", "/readyz", "/")}
print(json.dumps({path: [answer.status_code, "<h1>" in answer.content.decode()] for path, answer in answers.items()}))
"""


@pytest.mark.django_db
def test_ready_when_the_database_is_migrated(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ready\n"


def test_alive_needs_no_database(client):
    assert client.get("/livez").status_code == 200


def test_probe_needs_no_known_host_name(client):
    assert client.get("/livez", headers={"host": "10.0.0.7"}).status_code == 200


def test_database_down_is_a_503_page_and_the_process_stays_alive():
    nowhere = environment(
        DPMAP_DEVELOPMENT="1", DATABASE_URL="postgres://nobody@127.0.0.1:9/x", DEBUG="0"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK],
        env=nowhere,
        cwd=BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers == {"/livez": [200, False], "/readyz": [503, False], "/": [503, True]}
