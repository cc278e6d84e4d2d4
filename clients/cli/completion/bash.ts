import type { CompletedCommand, CompletedOption } from './command-tree.ts';

/** Returns the completion script for bash 3.2 and later. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const [program] = commands;
  const names = program?.choices ?? [];
  const valued = [
    ...new Set(
      commands.flatMap(({ options }) =>
        options.filter(({ takesValue }) => takesValue).flatMap(({ flags }) => flags),
      ),
    ),
  ];
  return `# bash completion of jobtree. Load it with: eval "$(jobtree completion bash)"
_jobtree() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" position
  for ((position = 1; position < COMP_CWORD; position++)); do
    case "\${COMP_WORDS[position]}" in
      ${valued.join('|')}) ((position++)) ;;
      -*) ;;
      *) command="\${COMP_WORDS[position]}"; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _jobtree jobtree
# Commands: ${names.join(' ')}
`;
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map((option) => {
      const patterns = option.flags.map((flag) => `"${name} ${flag}"`).join('|');
      return `    ${patterns}) ${valueReply(option)} return ;;`;
    });
}

function valueReply({ choices, isPath }: CompletedOption): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word"));`;
  return isPath ? 'COMPREPLY=($(compgen -f -- "$word"));' : '';
}

function commandCase({ name, options, choices, takesPath }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')));
  const words = `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word"))`;
  const files = takesPath ? '; COMPREPLY+=($(compgen -f -- "$word"))' : '';
  return `    "${name}") if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$word")); else ${words}${files}; fi ;;`;
}
