/**
 * Documents with versions, by name. A partition sees its own, then those that came with the deployment, then the global
 * ones that were put through the API; the first of a name hides the others.
 */
import * as z from 'zod';
import { administers, type Claims } from '#contract/claims.ts';
import {
  type DocumentVersion,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENTS_OF_PARTITION,
  SCOPES,
  type Scope,
} from '#contract/document-version.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import type { Registry } from '../creation/registry.ts';
import type { Version, Versioned } from '../store/versioned.ts';
import { isKnown } from './etag.ts';
import { fitAnswer, PagedList, type PagedRequest } from './lists/pages.ts';
import { type DocumentNames, noSuchDocument } from './missing.ts';
import type { ApiResponse, ApiTools } from './request.ts';

interface DocumentView extends DocumentVersion {
  readonly deployed: boolean;
  readonly scope: Scope;
}

/** What sets one kind of documents apart; `Kept` is what the store has of one beside its version. */
export interface DocumentKind<Kept extends object, View extends DocumentView, Shown, Summary> {
  readonly names: DocumentNames;
  /** Where those that came with the deployment can be changed. */
  readonly deployedFrom: string;
  /** Those of a partition; without one, the global ones. */
  store(partition: string | undefined): Versioned<Kept>;
  deployed(registry: Registry): readonly View[];
  view(document: Kept & Version, scope: Scope): View;
  /** The view without what only an admin of its scope may read. */
  shown(view: View, toAdmin: boolean): Shown;
  summary(view: View): Summary;
}

interface Parameters {
  readonly name: string;
  /** Absent on the routes of global documents. */
  readonly p?: string;
}

interface Request {
  readonly parameters: Parameters;
  readonly caller: Claims;
}

// Properties, not methods: of those the compiler would let any header be read.
interface GetRequest extends Request {
  readonly header: (name: 'If-None-Match') => string | undefined;
}

interface ChangeRequest extends Request {
  readonly header: (name: 'If-Match') => string | undefined;
}

interface PutRequest extends ChangeRequest {
  reference(path: string): string;
}

type Tools = Pick<ApiTools, 'registry' | 'table'>;

const versionsPosition = z.strictObject({ before: z.int().min(1), scope: z.enum(SCOPES) });

export class VersionedDocuments<Kept extends object, View extends DocumentView, Shown, Summary> {
  readonly #kind: DocumentKind<Kept, View, Shown, Summary>;

  constructor(kind: DocumentKind<Kept, View, Shown, Summary>) {
    this.#kind = kind;
  }

  /** What a job of the partition means by the name; without a partition, the global document. */
  async find(name: string, partition: string | undefined, { registry, table }: Tools) {
    if (partition !== undefined) {
      const own = await this.#kind.store(partition).read(table, name);
      if (own !== undefined) return this.#kind.view(own, 'partition');
    }
    const deployed = this.#deployed(name, registry);
    if (deployed !== undefined) return deployed;
    const stored = await this.#kind.store(undefined).read(table, name);
    return stored && this.#kind.view(stored, 'global');
  }

  /** What jobs of the partition can name, by name; without a partition, the global documents. */
  async all(partition: string | undefined, { registry, table }: Tools): Promise<View[]> {
    const [own, stored] = await Promise.all([
      partition === undefined ? [] : this.#kind.store(partition).list(table),
      this.#kind.store(undefined).list(table),
    ]);
    const byName = new Map<string, View>();
    const views = [
      ...stored.map((document) => this.#kind.view(document, 'global')),
      ...this.#kind.deployed(registry),
      ...own.map((document) => this.#kind.view(document, 'partition')),
    ];
    // The last of a name counts.
    for (const view of views) byName.set(view.name, view);
    return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async list(
    { parameters }: { readonly parameters: Partial<Parameters> },
    tools: Tools,
  ): Promise<ApiResponse<Summary[]>> {
    const views = await this.all(parameters.p, tools);
    return { status: 200, body: views.map((view) => this.#kind.summary(view)) };
  }

  async get({ parameters, caller, header }: GetRequest, tools: Tools): Promise<ApiResponse<Shown>> {
    const { name, p: partition } = parameters;
    const document = await this.find(name, partition, tools);
    if (document === undefined) throw this.#missing(parameters);
    const headers = { ETag: etagOf(document, partition) };
    if (isKnown(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
    return { status: 200, body: this.#shown(document, { caller, partition }), headers };
  }

  /** Refuses what no PUT of that name could store, before anything is asked of the document itself. */
  checkPut({ name, p: partition }: Parameters, body: unknown, { registry }: Pick<ApiTools, 'registry'>) {
    this.#refuseDeployed(name, partition, registry);
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (bytes <= MAX_DOCUMENT_BYTES) return;
    throw refusal(
      'too-large',
      `the ${this.#kind.names.noun} has ${bytes} bytes; at most ${MAX_DOCUMENT_BYTES} are allowed; large data belongs in an upload that parameters name`,
    );
  }

  /** `said` tells the same PUT from another one; `keep` is asked for what is stored, once a new version is made of it. */
  async put(
    { said, keep }: { readonly said: object; readonly keep: () => Kept | Promise<Kept> },
    { parameters, header, caller, reference }: PutRequest,
    { table, clock }: ApiTools,
  ): Promise<ApiResponse<Shown>> {
    const { name, p: partition } = parameters;
    const put = await this.#kind.store(partition).put(table, name, {
      body: keep,
      hash: sha256(canonicalJson(said)),
      now: clock.now(),
      caller: caller.sub,
      limit: MAX_DOCUMENTS_OF_PARTITION,
      check: (standing) => this.#checkVersion(header('If-Match'), name, standing),
    });
    if (put.outcome === 'full') throw this.#full(partition);
    const view = this.#kind.view(put.document, partition === undefined ? 'global' : 'partition');
    const isNew = put.outcome === 'created';
    return {
      status: isNew ? 201 : 200,
      body: this.#shown(view, { caller, partition }),
      headers: {
        ETag: etagOf(view, partition),
        ...(isNew ? { Location: reference(this.#path(parameters)) } : {}),
      },
    };
  }

  async delete(
    { parameters, header }: ChangeRequest,
    { registry, table }: Tools,
  ): Promise<ApiResponse<never>> {
    const { name, p: partition } = parameters;
    this.#refuseDeployed(name, partition, registry);
    const outcome = await this.#kind
      .store(partition)
      .delete(table, name, (standing) => this.#checkVersion(header('If-Match'), name, standing));
    if (outcome === 'missing') throw this.#missing(parameters);
    return { status: 204 };
  }

  /**
   * Of a deployed document there is the one version; of one that was deleted, those that jobs may name. A partition that
   * never had one of its own is shown those of the global document.
   */
  async versions(request: PagedRequest & Request, tools: ApiTools): Promise<ApiResponse<readonly Shown[]>> {
    const { parameters, caller } = request;
    const { name, p: partition } = parameters;
    const list = new PagedList(request, tools, versionsPosition);
    const start = await list.start();
    const { limit } = request.query;
    const pageOf = (owner: string | undefined) =>
      this.#kind.store(owner).versions(tools.table, name, { limit: limit + 1, before: start?.before });
    const own = partition === undefined || start?.scope === 'global' ? [] : await pageOf(partition);
    const isOwn = own.length > 0 || start?.scope === 'partition';
    const deployed = isOwn || start !== undefined ? undefined : this.#deployed(name, tools.registry);
    if (deployed !== undefined) return list.answer([this.#shown(deployed, { caller, partition })], undefined);
    const versions = isOwn ? own : await pageOf(undefined);
    if (versions.length === 0 && start === undefined) throw this.#missing(parameters);
    const scope = isOwn ? 'partition' : 'global';
    const placed = versions.slice(0, limit).map((document) => ({
      entry: this.#shown(this.#kind.view(document, scope), { caller, partition }),
      position: { before: document.version, scope } as const,
    }));
    const { entries, next } = fitAnswer(
      placed,
      versions.length > limit ? placed.at(-1)?.position : undefined,
    );
    return list.answer(entries, next);
  }

  #shown(view: View, { caller, partition }: { caller: Claims; partition: string | undefined }): Shown {
    return this.#kind.shown(view, administers(caller, view.scope === 'global' ? undefined : partition));
  }

  #deployed(name: string, registry: Registry): View | undefined {
    return this.#kind.deployed(registry).find((document) => document.name === name);
  }

  /** A partition may have one of its own under the name of a deployed one. */
  #refuseDeployed(name: string, partition: string | undefined, registry: Registry): void {
    if (partition !== undefined || this.#deployed(name, registry) === undefined) return;
    const { names, deployedFrom } = this.#kind;
    throw refusal(
      'read-only',
      `${names.noun} '${name}' comes with the deployment; change it there (${deployedFrom}) and deploy, or choose another name`,
    );
  }

  /** Refuses a change of a document that is no longer what the caller saw. */
  #checkVersion(ifMatch: string | undefined, name: string, standing: Version | undefined): void {
    if (ifMatch === undefined) return;
    if (standing !== undefined && isKnown(ifMatch, `"${standing.version}"`)) return;
    const has = standing === undefined ? 'does not exist' : `has version ${standing.version}`;
    throw refusal(
      'precondition-failed',
      `${this.#kind.names.noun} '${name}' ${has}, If-Match asks for ${ifMatch.slice(0, 100)}; read it again and decide anew`,
    );
  }

  #missing({ name, p }: Parameters) {
    return noSuchDocument(this.#kind.names, name, p);
  }

  #full(partition: string | undefined) {
    const { noun, path } = this.#kind.names;
    return refusal(
      'limit-reached',
      `partition '${partition}' has ${MAX_DOCUMENTS_OF_PARTITION} ${noun}s of its own, and more are not allowed; delete one that GET ${path} of the partition lists with scope 'partition'`,
    );
  }

  #path({ name, p }: Parameters): string {
    const base = p === undefined ? '' : `/partitions/${encodeURIComponent(p)}`;
    return `${base}${this.#kind.names.path}/${encodeURIComponent(name)}`;
  }
}

/** Version 1 of a partition's own and version 1 of the global document below it are read at one address. */
function etagOf({ version, scope }: DocumentView, partition: string | undefined): string {
  return partition !== undefined && scope === 'global' ? `"global-${version}"` : `"${version}"`;
}
