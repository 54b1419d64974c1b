"""PostgreSQL for tests: a server of a run's own, and pairs of which one copies the other."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.clusters import SITE_USER, Cluster, Pair, postgresql_programs
from wait_log.dialects import URL_FILE


@pytest.fixture(scope="session")
def make_cluster() -> Iterator[Callable[[], Cluster]]:
    """Return a function that gives a directory to a server, which is not made yet."""
    programs = postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    made: list[Cluster] = []
    with tempfile.TemporaryDirectory(prefix="denluot-pg-") as place:
        Path(place).chmod(0o755)

        def make() -> Cluster:
            directory = Path(place) / f"{len(made)}"
            directory.mkdir()
            made.append(Cluster(programs, directory))
            return made[-1]

        yield make
        for cluster in made:
            cluster.stop()


@pytest.fixture(scope="session")
def cluster(make_cluster: Callable[[], Cluster]) -> Cluster:
    """A server that all tests of a run share."""
    cluster = make_cluster()
    cluster.make()
    cluster.start()
    return cluster


@pytest.fixture
def pair(make_cluster: Callable[[], Cluster]) -> Iterator[Pair]:
    """Two servers of which one copies the other."""
    pair = Pair(make_cluster(), make_cluster())
    yield pair
    pair.standby.stop()
    pair.primary.stop()


@pytest.fixture(scope="session")
def run_sql() -> Callable[[str, str], None]:
    """Return a function that runs one statement on the database of a URL."""

    def run(url: str, statement: str) -> None:
        address = url.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    return run


ON_POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.engine, pytest.mark.full])


@pytest.fixture
def name_store(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Return a function that has a data directory keep its store on a server of the tests' own."""

    def name(data: Path) -> None:
        new_database: Callable[[], str] = request.getfixturevalue("new_database")
        data.mkdir(parents=True, exist_ok=True)
        (data / URL_FILE).write_text(new_database() + "\n")
        (data / URL_FILE).chmod(0o600)

    return name


@pytest.fixture
def new_database(cluster: Cluster) -> Callable[[], str]:
    """Return a function that makes an empty database and returns its URL."""

    def make() -> str:
        name = cluster.new_database()
        return (
            f"postgresql+psycopg://{SITE_USER}@/{name}?host={cluster.directory}&port={cluster.port}"
        )

    return make
