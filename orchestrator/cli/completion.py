"""`completion`: the shells' completion scripts."""

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    bash: eval "$(orchestrator completion bash)" in ~/.bashrc; zsh likewise in ~/.zshrc;
    fish: orchestrator completion fish > ~/.config/fish/completions/orchestrator.fish
    """
    from click.shell_completion import get_completion_class

    from orchestrator.cli.group import group
    from orchestrator.cli.talk import say_raw

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    for name in ("orchestrator", "orc"):
        variable = f"_{name.upper()}_COMPLETE"
        say_raw(made(group, {}, name, variable).source())
        say_raw("\n")
