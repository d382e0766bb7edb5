import { shellQuoted } from "../core/shell-quote.ts";
import { commandPattern, commandPatterns, optionCases } from "./cases.ts";
import { optionsWithValue, withDescendants, type CompletedCommand, type Values } from "./tree.ts";

/** Writes the completion for bash 3.2 and newer, which is what macOS has; it needs no other package. */
export function bashScript(program: CompletedCommand): string {
  const all = withDescendants(program);
  return String.raw`# Completion of doramaflix-db for bash, written by "doramaflix-db completion bash".

_doramaflix_db() {
    local current=${"$"}{COMP_WORDS[COMP_CWORD]} option=${"$"}{COMP_WORDS[COMP_CWORD - 1]} command= skip= word values=
    # "--option=value" comes in three words.
    if [ "$current" = = ]; then
        current=
    elif [ "$option" = = ]; then
        option=${"$"}{COMP_WORDS[COMP_CWORD - 2]}
    fi
    for word in "${"$"}{COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
        if [ -n "$skip" ]; then
            [ "$word" = = ] || skip=
            continue
        fi
        case $word in
            ${optionsWithValue(program).join(" | ")}) skip=1 ;;
        esac
        case "$command $word" in
            ${commandPatterns(all)}) command="$command $word" ;;
        esac
    done
    COMPREPLY=()
    case "$command $option" in
${all.flatMap((each) => optionCases(each, assignment)).join("\n")}
        *)
            case $command in
${all.map(commandCase).join("\n")}
            esac
            ;;
    esac
    case $values in
        @file) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;
        @folder) COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;
        *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
    esac
}

complete -F _doramaflix_db doramaflix-db
`;
}

/** An option begins with a dash; everything else is a command or an operand. */
function commandCase({ path, options, operands, commands }: CompletedCommand): string {
  const names = options.flatMap((option) => option.names).join(" ");
  const others =
    commands.length > 0
      ? commands.map((each) => each.path.at(-1)).join(" ")
      : valuesText(operands ?? { kind: "any" });
  return `                ${commandPattern(path)}) case $current in -*) values=${shellQuoted(names)} ;; *) values=${shellQuoted(others)} ;; esac ;;`;
}

function assignment(values: Values): string {
  return `values=${shellQuoted(valuesText(values))}`;
}

function valuesText(values: Values): string {
  if (values.kind === "words") return values.words.join(" ");
  return values.kind === "any" ? "" : `@${values.kind}`;
}
