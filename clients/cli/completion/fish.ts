import type { CompletedCommand, CompletedOption } from './command-tree.ts';

/** Returns the completion script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const [program, ...subcommands] = commands;
  const lines = [
    '# fish completion of jobtree. Store it as ~/.config/fish/completions/jobtree.fish',
    'complete -c jobtree -f',
    ...(program?.options ?? []).map((option) => optionLine(option, '')),
    ...subcommands.map(
      ({ name, description }) =>
        `complete -c jobtree -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ),
    ...subcommands.flatMap((command) => subcommandLines(command, program?.options.length ?? 0)),
  ];
  return `${lines.join('\n')}\n`;
}

function subcommandLines(
  { name, options, choices, takesPath }: CompletedCommand,
  globalCount: number,
): string[] {
  const condition = ` -n '__fish_seen_subcommand_from ${name}'`;
  const own = options.slice(0, options.length - globalCount);
  return [
    ...own.map((option) => optionLine(option, condition)),
    ...(choices.length > 0 ? [`complete -c jobtree${condition} -a ${quoted(choices.join(' '))}`] : []),
    ...(takesPath ? [`complete -c jobtree${condition} -F`] : []),
  ];
}

function optionLine(
  { flags, description, takesValue, choices, isPath }: CompletedOption,
  condition: string,
): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = takesValue ? ` ${isPath ? '-rF' : '-x'}` : '';
  const values = choices.length > 0 ? ` -a ${quoted(choices.join(' '))}` : '';
  return `complete -c jobtree${condition} ${names.join(' ')}${value}${values} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
