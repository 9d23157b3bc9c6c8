"""The fake of GitLab's registry against python-gitlab, which nobody here wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfci.stores.gitlab.names import file_of_name, version_of_folder
from perfci.stores.gitlab.open import gitlab_store
from tests.stores.branch import read
from tests.stores.contract import INDEX, RUN
from tests.stores.fakes.gitlab import FakeGitLab, gitlab, variables_of

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeGitLab]:
    with gitlab() as found:
        yield found


@pytest.mark.parametrize("token", ["job_token", "private_token"])
def test_python_gitlab_and_perfci_see_the_same_package(
    fake: FakeGitLab, tmp_path: Path, token: str
) -> None:
    client = pytest.importorskip("gitlab", reason="python-gitlab is not installed")
    fake.page = 3
    secret = fake.tokens[token.replace("_", "-")]
    server = client.Gitlab(fake.address, **{token: secret})
    project = server.projects.get(7, lazy=True)
    environ = variables_of(fake)
    store = gitlab_store("gitlab:perfci", "perfci", environ, output=tmp_path, wait=print)
    for number in range(8):
        store.put(f"{RUN}-{number}", b"%d" % number, replaces=None)
    folder, _, last = RUN.rpartition("/")
    [package] = project.packages.list(package_type="generic", package_name="perfci", get_all=True)
    assert package.version == version_of_folder(folder)
    files = package.package_files.list(get_all=True)
    assert {file.file_name for file in files} == {
        file_of_name(f"{last}-{number}") for number in range(8)
    }
    data = project.generic_packages.download(
        package_name="perfci", package_version=package.version, file_name=file_of_name(f"{last}-5")
    )
    assert data == b"5"

    (tmp_path / "kept").write_bytes(b"theirs")
    folder, _, last = INDEX.rpartition("/")
    project.generic_packages.upload(
        package_name="perfci",
        package_version=version_of_folder(folder),
        file_name=file_of_name(last),
        path=str(tmp_path / "kept"),
    )
    assert read(store, INDEX) == b"theirs"
    next(file for file in files if file.file_name.endswith("-5")).delete()
    assert store.get(f"{RUN}-5") is None
    with pytest.raises(client.exceptions.GitlabError, match="404"):
        project.generic_packages.download(
            package_name="perfci",
            package_version=package.version,
            file_name=file_of_name(f"{last}-5"),
        )
