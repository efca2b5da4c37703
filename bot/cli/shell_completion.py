"""Completion for shells: what may come next on the command line, from the language's own tables.

The scripts call the program itself (`agentcost completion --words …`), so they never become outdated.
"""

from __future__ import annotations

from core.language import complete_words

BASH = """\
# agentcost completion bash >> ~/.bashrc
_agentcost() {
    local IFS=$'\\n'
    COMPREPLY=($(agentcost completion --words "${COMP_WORDS[@]:1:COMP_CWORD}"))
}
complete -o nosort -F _agentcost agentcost
"""
ZSH = """\
# agentcost completion zsh >> ~/.zshrc, after compinit
_agentcost() {
    local -a found
    found=("${(@f)$(agentcost completion --words "${(@)words[2,CURRENT]}")}")
    compadd -V agentcost -- $found
}
compdef _agentcost agentcost
"""
FISH = """\
# agentcost completion fish > ~/.config/fish/completions/agentcost.fish
complete -c agentcost -f -a '(agentcost completion --words (commandline -opc)[2..-1] (commandline -ct))'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def complete(words: list[str], operations: tuple[str, ...]) -> list[str]:
    """Return the completions of the last word; words: those typed after the program's name, the last one being typed."""
    return complete_words(words, (*operations, "--json", "--as-of", "--config"))
