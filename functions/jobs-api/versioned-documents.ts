/** The operations on documents with versions: job types and templates, of a partition or global. */
import * as z from 'zod';
import { administers, type Claims } from '#contract/claims.ts';
import { MAX_DOCUMENT_BYTES, MAX_DOCUMENTS_OF_PARTITION, SCOPES } from '#contract/document-version.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import type { DocumentLookup, DocumentSource, VisibleDocument } from '../creation/document-lookup.ts';
import type { Registry } from '../creation/registry.ts';
import type { Version } from '../store/versioned.ts';
import { isKnown } from './etag.ts';
import { fitAnswer, PagedList, type PagedRequest } from './lists/pages.ts';
import { type DocumentNames, noSuchDocument } from './missing.ts';
import type { ApiPorts, ApiResponse } from './request.ts';

/** How the API presents one kind of documents. */
export interface DocumentKind<Stored extends object, View extends VisibleDocument, Shown, Summary> {
  readonly names: DocumentNames;
  readonly lookup: DocumentLookup<Stored, View>;
  /** Where documents of the deployment can be changed. */
  readonly deployedFrom: string;
  /** Returns the view without the members that only an admin of its scope may read. */
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

type Ports = Pick<ApiPorts, 'registry' | 'table'>;

const versionsPosition = z.strictObject({ before: z.int().min(1), scope: z.enum(SCOPES) });

export class VersionedDocuments<Stored extends object, View extends VisibleDocument, Shown, Summary> {
  readonly #kind: DocumentKind<Stored, View, Shown, Summary>;
  readonly #source: DocumentSource<Stored, View>;

  constructor(kind: DocumentKind<Stored, View, Shown, Summary>) {
    this.#kind = kind;
    this.#source = kind.lookup.source;
  }

  async list(
    { parameters }: { readonly parameters: Partial<Parameters> },
    ports: Ports,
  ): Promise<ApiResponse<Summary[]>> {
    const views = await this.#kind.lookup.all(parameters.p, ports);
    return { status: 200, body: views.map((view) => this.#kind.summary(view)) };
  }

  async get({ parameters, caller, header }: GetRequest, ports: Ports): Promise<ApiResponse<Shown>> {
    const { name, p: partition } = parameters;
    const document = await this.#kind.lookup.find(name, partition, ports);
    if (document === undefined) throw this.#missing(parameters);
    const headers = { ETag: etagOf(document, partition) };
    if (isKnown(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
    return { status: 200, body: this.#shown(document, { caller, partition }), headers };
  }

  /** Refuses what no PUT of that name could store, before anything is asked of the document itself. */
  checkPut({ name, p: partition }: Parameters, body: unknown, { registry }: Pick<ApiPorts, 'registry'>) {
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
    { said, keep }: { readonly said: object; readonly keep: () => Stored | Promise<Stored> },
    { parameters, header, caller, reference }: PutRequest,
    { table, clock }: ApiPorts,
  ): Promise<ApiResponse<Shown>> {
    const { name, p: partition } = parameters;
    const put = await this.#source.store(partition).put(table, name, {
      body: keep,
      hash: sha256(canonicalJson(said)),
      now: clock.now(),
      caller: caller.sub,
      limit: MAX_DOCUMENTS_OF_PARTITION,
      check: (standing) => this.#checkVersion(header('If-Match'), name, standing),
    });
    if (put.outcome === 'full') throw this.#full(partition);
    const view = this.#source.view(put.document, partition === undefined ? 'global' : 'partition');
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
    { registry, table }: Ports,
  ): Promise<ApiResponse<never>> {
    const { name, p: partition } = parameters;
    this.#refuseDeployed(name, partition, registry);
    const outcome = await this.#source
      .store(partition)
      .delete(table, name, (standing) => this.#checkVersion(header('If-Match'), name, standing));
    if (outcome === 'missing') throw this.#missing(parameters);
    return { status: 204 };
  }

  /**
   * Of a deployed document there is the one version; of one that was deleted, those that jobs may name. A partition that
   * never had one of its own is shown those of the global document.
   */
  async versions(request: PagedRequest & Request, ports: ApiPorts): Promise<ApiResponse<readonly Shown[]>> {
    const { parameters, caller } = request;
    const { name, p: partition } = parameters;
    const list = new PagedList(request, ports, versionsPosition);
    const start = await list.start();
    const { limit } = request.query;
    const pageOf = (owner: string | undefined) =>
      this.#source.store(owner).versions(ports.table, name, { limit: limit + 1, before: start?.before });
    const own = partition === undefined || start?.scope === 'global' ? [] : await pageOf(partition);
    const isOwn = own.length > 0 || start?.scope === 'partition';
    const deployed =
      isOwn || start !== undefined ? undefined : this.#kind.lookup.deployed(name, ports.registry);
    if (deployed !== undefined) return list.answer([this.#shown(deployed, { caller, partition })], undefined);
    const versions = isOwn ? own : await pageOf(undefined);
    if (versions.length === 0 && start === undefined) throw this.#missing(parameters);
    const scope = isOwn ? 'partition' : 'global';
    const placed = versions.slice(0, limit).map((document) => ({
      entry: this.#shown(this.#source.view(document, scope), { caller, partition }),
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

  /** A partition may have one of its own under the name of a deployed one. */
  #refuseDeployed(name: string, partition: string | undefined, registry: Registry): void {
    if (partition !== undefined || this.#kind.lookup.deployed(name, registry) === undefined) return;
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
function etagOf({ version, scope }: VisibleDocument, partition: string | undefined): string {
  return partition !== undefined && scope === 'global' ? `"global-${version}"` : `"${version}"`;
}
