/**
 * Finds documents with versions, such as job types, by name. A partition sees its own documents first, then those of
 * the deployment, then the global ones that were put through the API. The first document of a name hides the others.
 */
import type { DocumentVersion, Scope } from '#contract/document-version.ts';
import type { Version, Versioned } from '../store/versioned.ts';
import type { CreationPorts } from './ports.ts';
import type { Registry } from './registry.ts';

type LookupPorts = Pick<CreationPorts, 'registry' | 'table'>;

/** A document as a partition sees it. */
export interface VisibleDocument extends DocumentVersion {
  readonly deployed: boolean;
  readonly scope: Scope;
}

/** The stored and deployed documents of one kind. `Stored` is the stored form without the version. */
export interface DocumentSource<Stored extends object, View extends VisibleDocument> {
  /** Returns the stored documents of a partition, or the global ones if `partition` is absent. */
  store(partition: string | undefined): Versioned<Stored>;
  deployed(registry: Registry): readonly View[];
  view(document: Stored & Version, scope: Scope): View;
}

export class DocumentLookup<Stored extends object, View extends VisibleDocument> {
  readonly source: DocumentSource<Stored, View>;

  constructor(source: DocumentSource<Stored, View>) {
    this.source = source;
  }

  /** Returns the document that a job of the partition gets by this name; without a partition, the global one. */
  async find(
    name: string,
    partition: string | undefined,
    { registry, table }: LookupPorts,
  ): Promise<View | undefined> {
    if (partition !== undefined) {
      const ofPartition = await this.source.store(partition).read(table, name);
      if (ofPartition !== undefined) return this.source.view(ofPartition, 'partition');
    }
    const deployed = this.deployed(name, registry);
    if (deployed !== undefined) return deployed;
    const stored = await this.source.store(undefined).read(table, name);
    return stored && this.source.view(stored, 'global');
  }

  /** Returns all documents that jobs of the partition can name, sorted by name; without a partition, the global ones. */
  async all(partition: string | undefined, { registry, table }: LookupPorts): Promise<View[]> {
    const [ofPartition, global] = await Promise.all([
      partition === undefined ? [] : this.source.store(partition).list(table),
      this.source.store(undefined).list(table),
    ]);
    const byName = new Map<string, View>();
    const views = [
      ...global.map((document) => this.source.view(document, 'global')),
      ...this.source.deployed(registry),
      ...ofPartition.map((document) => this.source.view(document, 'partition')),
    ];
    // A later document replaces an earlier one of the same name.
    for (const view of views) byName.set(view.name, view);
    return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Returns the document of this name that came with the deployment. */
  deployed(name: string, registry: Registry): View | undefined {
    return this.source.deployed(registry).find((document) => document.name === name);
  }
}
