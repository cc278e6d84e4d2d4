import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { type ScaffoldKind, scaffoldOf } from '../scaffolds.ts';

interface Options {
  readonly dir: string;
  readonly force?: boolean;
}

const MAX_NAME_LENGTH = 50;

export async function run(
  { output }: Context,
  { dir, force }: Options,
  kind: ScaffoldKind,
  name: string,
): Promise<void> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > MAX_NAME_LENGTH) {
    throw usageError(
      `the name is '${name}'`,
      'Use lower-case letters, digits and hyphens, such as resize-image.',
    );
  }
  const { files, wiring, example } = scaffoldOf(kind, name);
  const existing = Object.keys(files).filter((path) => existsSync(join(dir, path)));
  if (existing.length > 0 && !force) {
    throw usageError(
      `${existing.join(' and ')} already exist`,
      'Choose another name, or pass --force to replace them.',
    );
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  const view = { kind, name, files: Object.keys(files), wiring };
  if (output.format !== 'text') return output.json(view);
  for (const path of view.files) await output.line(join(dir, path));
  output.note(`\nAdd it to your stack:\n\n${indented(wiring)}\n`);
  output.note(
    `Test it with npx vitest run ${name}, start the app with jobtree dev, and run it:\n\n  ${example}`,
  );
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
