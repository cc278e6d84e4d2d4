/** The commands, options and choices that completion scripts offer. */
import type { Command, Option } from 'commander';

export interface CompletedOption {
  /** Such as `--label` and `-l`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** True if its value is a path. */
  readonly isPath: boolean;
}

export interface CompletedCommand {
  /** Empty for the program itself. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Values of its first argument, including the names of its subcommands. */
  readonly choices: readonly string[];
  readonly takesPath: boolean;
}

const PATH_VALUE = /<(dir|file)>/;

export function commandTree(program: Command): CompletedCommand[] {
  const globals = optionsOf(program);
  const commands = program.commands.map((command): CompletedCommand => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      description: command.summary() || command.description(),
      options: [...optionsOf(command), ...globals],
      choices: [...(argument?.argChoices ?? []), ...command.commands.map((each) => each.name())],
      takesPath: ['input', 'dir'].includes(argument?.name() ?? ''),
    };
  });
  const names = [...commands.map(({ name }) => name), 'help'];
  return [{ name: '', description: '', options: globals, choices: names, takesPath: false }, ...commands];
}

function optionsOf(command: Command): CompletedOption[] {
  const help: CompletedOption = {
    flags: ['--help', '-h'],
    description: 'show help',
    takesValue: false,
    choices: [],
    isPath: false,
  };
  return [...command.options.map(optionOf), ...(command.parent === null ? [help] : [])];
}

function optionOf(option: Option): CompletedOption {
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    isPath: PATH_VALUE.test(option.flags),
  };
}
