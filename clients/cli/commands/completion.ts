import packageFile from '../../../package.json' with { type: 'json' };
import { bashCompletion } from '../completion/bash.ts';
import { commandTree } from '../completion/command-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Context } from '../context.ts';
import { createProgram } from '../program.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export async function run({ output }: Context, _options: object, shell: keyof typeof SCRIPTS): Promise<void> {
  const script = SCRIPTS[shell](commandTree(createProgram(packageFile.version)));
  await output.line(script.trimEnd());
}
