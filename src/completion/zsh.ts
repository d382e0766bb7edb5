import { shellQuoted } from "../core/shell-quote.ts";
import { commandPattern, commandPatterns, optionCases } from "./cases.ts";
import {
  optionsWithValue,
  withDescendants,
  type CompletedCommand,
  type CompletedOption,
  type Values,
} from "./tree.ts";

/** Writes the completion for zsh, as a file of its $fpath or for "eval". */
export function zshScript(program: CompletedCommand): string {
  const all = withDescendants(program);
  return String.raw`#compdef doramaflix-db
# Completion of doramaflix-db for zsh, written by "doramaflix-db completion zsh".

_doramaflix-db() {
    local command= skip= word option=${"$"}{words[CURRENT - 1]}
    local -a found
    if [[ ${"$"}{words[CURRENT]} == --*=* ]]; then
        option=${"$"}{words[CURRENT]%%=*}
        compset -P '*='
    fi
    for word in "${"$"}{(@)words[2,CURRENT - 1]}"; do
        if [[ -n $skip ]]; then
            skip=
            continue
        fi
        case $word in
            ${optionsWithValue(program).join(" | ")}) skip=1 ;;
        esac
        case "$command $word" in
            ${commandPatterns(all)}) command="$command $word" ;;
        esac
    done
    case "$command $option" in
${all.flatMap((each) => optionCases(each, action)).join("\n")}
        *)
            case $command in
${all.map(commandCase).join("\n")}
            esac
            ;;
    esac
}

# Read by "eval" it is registered; as a file of $fpath it is called.
if [[ ${"$"}{funcstack[1]} == _doramaflix-db ]]; then
    _doramaflix-db "$@"
else
    compdef _doramaflix-db doramaflix-db
fi
`;
}

function commandCase({ path, options, operands, commands }: CompletedCommand): string {
  const others =
    commands.length > 0
      ? described(
          "command",
          commands.map((each) => [each.path.at(-1) ?? "", each.summary]),
        )
      : action(operands ?? { kind: "any" });
  return `                ${commandPattern(path)})
                    if [[ \${words[CURRENT]} == -* ]]; then ${described("option", options.flatMap(named))}
                    else ${others}
                    fi ;;`;
}

function named({ names, description }: CompletedOption): [string, string][] {
  return names.map((name) => [name, description]);
}

function action(values: Values): string {
  if (values.kind === "words") return `compadd -- ${values.words.map(shellQuoted).join(" ")}`;
  return { file: "_files", folder: "_files -/", any: "_message value" }[values.kind];
}

/** A colon separates the word from what it means. */
function described(what: string, words: readonly (readonly [string, string])[]): string {
  const items = words.map(([word, meaning]) => shellQuoted(`${word}:${meaning}`)).join(" ");
  return `found=(${items}); _describe ${what} found`;
}
