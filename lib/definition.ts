/** A worker or splitter of the user's own, defined in a file that the CDK app imports too. */
import { resolve } from 'node:path';
import type { Schema } from './registry.ts';

/** A worker made with `defineWorker`. */
export interface WorkerDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Schema;
}

/** A splitter made with `defineSplitter`. */
export interface SplitterDefinition {
  readonly name: string;
  readonly description: string;
  readonly definition: Schema;
}

/** Where the bundled code finds a definition. */
export interface DefinitionExport {
  /** The absolute path of the file. */
  readonly file: string;
  readonly exportName: string;
}

/** `shout-twice` is exported as `shoutTwice`, unless the user says otherwise. */
export function definitionExport(
  entry: string,
  { name }: { readonly name: string },
  exportName = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
): DefinitionExport {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(exportName)) return { file: resolve(entry), exportName };
  throw new Error(
    `'${exportName}' is not a name that ${entry} can export; pass the name of the export that holds '${name}' as \`exportName\``,
  );
}

/** The import of a definition under a name that the generated entry chooses. */
export function importOf({ file, exportName }: DefinitionExport, as: string): string {
  return `import { ${exportName} as ${as} } from ${JSON.stringify(file)};`;
}
