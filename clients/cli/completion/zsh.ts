import type { CompletedCommand, CompletedOption } from './command-tree.ts';

/** Returns the completion function for zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const [, ...subcommands] = commands;
  return `#compdef jobtree
# zsh completion of jobtree. Store it as _jobtree in a folder of $fpath.
_jobtree() {
  local context state line
  local -a commands
  commands=(
${subcommands.map(({ name, description }) => `    ${quoted(`${name}:${description.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _arguments -C ${optionSpecs(commands[0]?.options ?? [])} '1: :->command' '*:: :->arguments'
  case $state in
    command) _describe 'command' commands ;;
    arguments)
      case $words[1] in
${subcommands.map(commandCase).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _jobtree ]]; then _jobtree "$@"; else compdef _jobtree jobtree; fi
`;
}

function commandCase({ name, options, choices, takesPath }: CompletedCommand): string {
  const first = choices.length > 0 ? `'1: :(${choices.join(' ')})'` : takesPath ? "'1:file:_files'" : '';
  return `        ${name}) _arguments ${optionSpecs(options)} ${first} ;;`;
}

function optionSpecs(options: readonly CompletedOption[]): string {
  return options.flatMap((option) => option.flags.map((flag) => optionSpec(flag, option))).join(' ');
}

function optionSpec(flag: string, { description, takesValue, choices, isPath }: CompletedOption): string {
  const text = description.replaceAll(/[[\]:]/g, ' ');
  const values = choices.length > 0 ? `(${choices.join(' ')})` : isPath ? '_files' : ' ';
  return quoted(`*${flag}[${text}]${takesValue ? `:value:${values}` : ''}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
