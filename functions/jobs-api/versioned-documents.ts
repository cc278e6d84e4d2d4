/** The operations on documents with versions: job types and templates, of a partition or global. */
import * as z from 'zod';
import { type Claims, canAdminister } from '#contract/claims.ts';
import { MAX_DOCUMENT_BYTES, MAX_DOCUMENTS_OF_PARTITION, SCOPES } from '#contract/document-version.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import type { DocumentLookup, DocumentSource, VisibleDocument } from '../creation/document-lookup.ts';
import type { Registry } from '../creation/registry.ts';
import type { Version } from '../store/versioned.ts';
import { isCurrent } from './etag.ts';
import { fitAnswer, PagedList, type PagedRequest } from './lists/pages.ts';
import { type DocumentNames, noSuchDocument } from './missing.ts';
import type { ApiPorts, ApiResponse } from './request.ts';

/** The presentation of one kind of documents in the API. */
export interface DocumentKind<Stored extends object, View extends VisibleDocument, Shown, Summary> {
  readonly names: DocumentNames;
  readonly lookup: DocumentLookup<Stored, View>;
  /** Source of the documents of the deployment; messages quote it. */
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

// Properties, because the compiler would let handlers read any header through a method.
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

/** The properties are handlers of operations. A global document and one of a partition share a handler. */
export class VersionedDocuments<Stored extends object, View extends VisibleDocument, Shown, Summary> {
  readonly #kind: DocumentKind<Stored, View, Shown, Summary>;
  readonly #source: DocumentSource<Stored, View>;

  constructor(kind: DocumentKind<Stored, View, Shown, Summary>) {
    this.#kind = kind;
    this.#source = kind.lookup.source;
  }

  readonly list = async (
    { parameters }: { readonly parameters: Partial<Parameters> },
    ports: Ports,
  ): Promise<ApiResponse<Summary[]>> => {
    const views = await this.#kind.lookup.all(parameters.p, ports);
    return { status: 200, body: views.map((view) => this.#kind.summary(view)) };
  };

  readonly get = async (
    { parameters, caller, header }: GetRequest,
    ports: Ports,
  ): Promise<ApiResponse<Shown>> => {
    const { name, p: partition } = parameters;
    const document = await this.#kind.lookup.find(name, partition, ports);
    if (document === undefined) throw this.#missing(parameters);
    const headers = { ETag: etagOf(document, partition) };
    if (isCurrent(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
    return { status: 200, body: this.#shown(document, { caller, partition }), headers };
  };

  /** Refuses a deployed name and a body that is too large, before the caller checks the document itself. */
  checkPut({ name, p: partition }: Parameters, body: unknown, { registry }: Pick<ApiPorts, 'registry'>) {
    this.#refuseDeployed(name, partition, registry);
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (bytes <= MAX_DOCUMENT_BYTES) return;
    throw refusal(
      'too-large',
      `the ${this.#kind.names.noun} has ${bytes} bytes; at most ${MAX_DOCUMENT_BYTES} are allowed; put large data into an upload and name it in the parameters`,
    );
  }

  /**
   * Stores a new version, unless the current one has the same `content`. `stored` returns the document to store; it is
   * called only for a new version.
   */
  async put(
    { content, stored }: { readonly content: object; readonly stored: () => Stored | Promise<Stored> },
    { parameters, header, caller, reference }: PutRequest,
    { table, clock }: ApiPorts,
  ): Promise<ApiResponse<Shown>> {
    const { name, p: partition } = parameters;
    const put = await this.#source.store(partition).put(table, name, {
      body: stored,
      hash: sha256(canonicalJson(content)),
      now: clock.now(),
      caller: caller.sub,
      limit: MAX_DOCUMENTS_OF_PARTITION,
      check: (current) => this.#checkVersion(header('If-Match'), name, current),
    });
    if (put.kind === 'full') throw this.#full(partition);
    const view = this.#source.view(put.document, partition === undefined ? 'global' : 'partition');
    const isNew = put.kind === 'created';
    return {
      status: isNew ? 201 : 200,
      body: this.#shown(view, { caller, partition }),
      headers: {
        ETag: etagOf(view, partition),
        ...(isNew ? { Location: reference(this.#path(parameters)) } : {}),
      },
    };
  }

  readonly delete = async (
    { parameters, header }: ChangeRequest,
    { registry, table }: Ports,
  ): Promise<ApiResponse<never>> => {
    const { name, p: partition } = parameters;
    this.#refuseDeployed(name, partition, registry);
    const removal = await this.#source
      .store(partition)
      .delete(table, name, (current) => this.#checkVersion(header('If-Match'), name, current));
    if (removal === 'missing') throw this.#missing(parameters);
    return { status: 204 };
  };

  /**
   * Lists the versions of a document. A deployed document has one version. A deleted document keeps the versions that
   * jobs refer to. A partition that never had its own document gets the versions of the global one.
   */
  readonly versions = async (
    request: PagedRequest & Request & { readonly query: { readonly limit: number } },
    ports: ApiPorts,
  ): Promise<ApiResponse<readonly Shown[]>> => {
    const { parameters, caller } = request;
    const { name, p: partition } = parameters;
    const list = new PagedList(request, ports, versionsPosition);
    const start = await list.start();
    const { limit } = request.query;
    const pageOf = (owner: string | undefined) =>
      this.#source.store(owner).versions(ports.table, name, { limit: limit + 1, before: start?.before });
    const ownVersions = partition === undefined || start?.scope === 'global' ? [] : await pageOf(partition);
    const isOwn = ownVersions.length > 0 || start?.scope === 'partition';
    const deployed =
      isOwn || start !== undefined ? undefined : this.#kind.lookup.deployed(name, ports.registry);
    if (deployed !== undefined) return list.answer([this.#shown(deployed, { caller, partition })], undefined);
    const versions = isOwn ? ownVersions : await pageOf(undefined);
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
  };

  #shown(view: View, { caller, partition }: { caller: Claims; partition: string | undefined }): Shown {
    return this.#kind.shown(view, canAdminister(caller, view.scope === 'global' ? undefined : partition));
  }

  /** A partition may have its own document with the name of a deployed one. */
  #refuseDeployed(name: string, partition: string | undefined, registry: Registry): void {
    if (partition !== undefined || this.#kind.lookup.deployed(name, registry) === undefined) return;
    const { names, deployedFrom } = this.#kind;
    throw refusal(
      'read-only',
      `${names.noun} '${name}' is part of the deployment; change it there (${deployedFrom}) and deploy, or choose another name`,
    );
  }

  /** Refuses a change if the document has another version than the caller saw. */
  #checkVersion(ifMatch: string | undefined, name: string, current: Version | undefined): void {
    if (ifMatch === undefined) return;
    if (current !== undefined && isCurrent(ifMatch, `"${current.version}"`)) return;
    const has = current === undefined ? 'does not exist' : `has version ${current.version}`;
    throw refusal(
      'precondition-failed',
      `${this.#kind.names.noun} '${name}' ${has}, but If-Match requires ${ifMatch.slice(0, 100)}; read it again and repeat the change if it still applies`,
    );
  }

  #missing({ name, p }: Parameters) {
    return noSuchDocument(this.#kind.names, name, p);
  }

  #full(partition: string | undefined) {
    const { noun, path } = this.#kind.names;
    return refusal(
      'limit-reached',
      `partition '${partition}' already has ${MAX_DOCUMENTS_OF_PARTITION} ${noun}s, the maximum; delete one that GET ${path} of the partition lists with scope 'partition'`,
    );
  }

  #path({ name, p }: Parameters): string {
    const base = p === undefined ? '' : `/partitions/${encodeURIComponent(p)}`;
    return `${base}${this.#kind.names.path}/${encodeURIComponent(name)}`;
  }
}

/** Distinguishes version 1 of a partition's document from version 1 of the global one, which have the same URL. */
function etagOf({ version, scope }: VisibleDocument, partition: string | undefined): string {
  return partition !== undefined && scope === 'global' ? `"global-${version}"` : `"${version}"`;
}
