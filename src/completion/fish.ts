import { optionsWithValue, withDescendants, type CompletedCommand, type Values } from "./tree.ts";

/** Writes the completion for fish 3. */
export function fishScript(program: CompletedCommand): string {
  const all = withDescendants(program);
  const names = all.flatMap(({ path }) => (path.length === 0 ? [] : [fishQuoted(path.join(" "))]));
  return String.raw`# Completion of doramaflix-db for fish, written by "doramaflix-db completion fish".

function __doramaflix_db_at --description 'True when the words before the cursor lead to that command'
    set -l command
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${optionsWithValue(program).join(" ")}
            set skip 1
        else if contains -- "$(string join ' ' -- $command $word)" ${names.join(" ")}
            set -a command $word
        end
    end
    test "$command" = "$argv[1]"
end

complete -c doramaflix-db -f
${all.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ path, options, operands, commands }: CompletedCommand): string[] {
  const at = `complete -c doramaflix-db -n ${fishQuoted(`__doramaflix_db_at ${fishQuoted(path.join(" "))}`)}`;
  return [
    ...commands.map((each) => `${at} -a ${each.path.at(-1)} -d ${fishQuoted(each.summary)}`),
    ...(operands === undefined || operands.kind === "any" ? [] : [`${at} ${action(operands)}`]),
    ...options.map(({ names, description, values }) => {
      const flags = names.map((name) =>
        name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const value = values === undefined ? "" : ` -r ${action(values)}`;
      return `${at} ${flags.join(" ")}${value} -d ${fishQuoted(description)}`;
    }),
  ];
}

function action(values: Values): string {
  if (values.kind === "words") return `-f -a ${fishQuoted(values.words.join(" "))}`;
  if (values.kind === "folder") return "-f -a '(__fish_complete_directories)'";
  return values.kind === "file" ? "-F" : "-f";
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
