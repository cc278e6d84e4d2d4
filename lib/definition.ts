/** A user's worker or splitter, defined in a file that the CDK app imports too. */
import { resolve } from 'node:path';
import type { Schema } from './registry.ts';

/** A worker made with `defineWorker`. */
export interface WorkerDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Schema;
  readonly secondsPerItem?: number;
}

/** A splitter made with `defineSplitter`. */
export interface SplitterDefinition {
  readonly name: string;
  readonly description: string;
  readonly definition: Schema;
}

/** Location of a definition for the bundled code. */
export interface DefinitionExport {
  /** Absolute path of the file. */
  readonly file: string;
  readonly exportName: string;
}

/** Returns the location of a definition. By default, `shout-twice` is exported as `shoutTwice`. */
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

/** Returns the import statement of a definition, under a local name. */
export function importOf({ file, exportName }: DefinitionExport, as: string): string {
  return `import { ${exportName} as ${as} } from ${JSON.stringify(file)};`;
}
