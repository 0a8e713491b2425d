"""Which changes may be committed."""

from collections.abc import Callable

from orchestrator.model.problem import Problem
from orchestrator.store.watch.choose import Over, choose
from orchestrator.store.watch.uncommitted import Uncommitted

A, B, C = (f"projects/pay/tasks/PAY-{number}.yaml" for number in (1, 2, 3))


def changed(path: str, *, is_staged: bool = False, is_gone: bool = False) -> Uncommitted:
    return Uncommitted(path, is_staged, is_gone)


def error(path: str, message: str = "Wrong.") -> Problem:
    return Problem("ORC103", "error", message, path)


def errors(*found: Problem) -> Callable[[Over], list[Problem]]:
    """Return problems that are gone when their file is as it was."""
    return lambda over: [problem for problem in found if problem.path not in over]


def bytes_of(*paths: str) -> dict[str, bytes | None]:
    return dict.fromkeys(paths, b"old")


def test_what_is_right_is_committed() -> None:
    assert choose([changed(A)], bytes_of(A), errors(), 9) == ((A,), {})


def test_a_file_with_an_error_is_held_and_the_others_are_committed() -> None:
    choice = choose([changed(A), changed(B)], bytes_of(A, B), errors(error(A, "Bad.")), 9)
    assert choice == ((B,), {A: "Bad."})


def test_a_file_that_is_wrong_without_one_that_is_held_is_held_too() -> None:
    def errors_with(over: Over) -> list[Problem]:
        found = [] if A in over else [error(A, "Bad.")]
        return found if B in over or A not in over else [error(B, "PAY-1 does not exist.")]

    choice = choose([changed(A), changed(B)], bytes_of(A, B), errors_with, 9)
    assert choice.paths == ()
    assert choice.held == {A: "Bad.", B: "PAY-1 does not exist."}


def test_a_removal_that_would_make_another_file_wrong_is_held() -> None:
    def errors_with(over: Over) -> list[Problem]:
        return [] if A in over else [error(C, "The parent PAY-1 does not exist.")]

    files = [changed(A, is_gone=True), changed(B)]
    choice = choose(files, bytes_of(A, B), errors_with, 9)
    assert choice.paths == (B,)
    assert "The parent PAY-1 does not exist." in choice.held[A]


def test_an_error_that_head_has_already_holds_nothing() -> None:
    assert choose([changed(A)], bytes_of(A), lambda _: [error(C)], 9).paths == (A,)


def test_what_somebody_staged_is_theirs() -> None:
    choice = choose([changed(A, is_staged=True), changed(B)], bytes_of(A, B), errors(), 9)
    assert choice.paths == (B,)
    assert "staged" in choice.held[A]


def test_the_loss_of_many_tasks_is_held() -> None:
    paths = [f"projects/pay/tasks/PAY-{number}.yaml" for number in range(8)]
    gone = [changed(path, is_gone=True) for path in paths]
    choice = choose([*gone, changed("users/dana.yaml")], bytes_of(*paths), errors(), 12)
    assert choice.paths == ("users/dana.yaml",)
    assert "8 tasks are gone" in choice.held[paths[0]]


def test_what_went_with_a_whole_folder_is_held() -> None:
    file = Uncommitted("users/dana.yaml", is_staged=False, is_gone=True, lost="users")
    choice = choose([file, changed(A)], bytes_of(A), errors(), 9)
    assert choice == ((A,), {"users/dana.yaml": "the folder users is gone"})


def test_tasks_that_move_are_not_lost() -> None:
    names = [f"PAY-{number}.yaml" for number in range(8)]
    gone = [changed(f"projects/pay/tasks/{name}", is_gone=True) for name in names]
    come = [changed(f"projects/ops/tasks/{name}") for name in names]
    files = gone + come
    assert len(choose(files, bytes_of(*(f.path for f in files)), errors(), 12).paths) == 16


def test_without_settings_nothing_is_committed() -> None:
    files = [changed("orchestrator.yaml", is_gone=True), changed(A)]
    assert choose(files, bytes_of(A), errors(), 9).paths == ()
