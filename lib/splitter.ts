import { type DefinitionExport, definitionExport, type SplitterDefinition } from './definition.ts';

export interface EntrySplitterProps {
  /** The splitter that the file exports; provides its description and schema. */
  readonly splitter: SplitterDefinition;
  /** Name of the export. @default - the splitter's name in camel case */
  readonly exportName?: string;
}

/** Finds the items of a batch. The job service bundles its file into the splitting function. */
export class Splitter {
  readonly definition: SplitterDefinition;
  readonly code: DefinitionExport;

  private constructor(definition: SplitterDefinition, code: DefinitionExport) {
    this.definition = definition;
    this.code = code;
  }

  /**
   * A TypeScript or JavaScript file that exports a splitter made with `defineSplitter`; relative to the app's folder.
   *
   * @example
   * new JobService(stack, 'Jobs', {
   *   splitters: { sentences: Splitter.fromEntry('splitters/sentences.ts', { splitter: sentences }) },
   * });
   */
  static fromEntry(entry: string, { splitter, exportName }: EntrySplitterProps): Splitter {
    return new Splitter(splitter, definitionExport(entry, splitter, exportName));
  }
}
