/** Documents with versions, by name: those that came with the deployment, before those that were put through the API. */
import * as z from 'zod';
import { type DocumentVersion, MAX_DOCUMENT_BYTES } from '#contract/document-version.ts';
import { refusal } from '#contract/problem.ts';
import { canonicalJson, sha256 } from '../creation/canonical.ts';
import type { Registry } from '../creation/registry.ts';
import type { Version, Versioned } from '../store/versioned.ts';
import { isKnown } from './etag.ts';
import { fitAnswer, PagedList, type PagedRequest } from './lists/pages.ts';
import type { ApiResponse, ApiTools } from './request.ts';

interface DocumentView extends DocumentVersion {
  readonly deployed: boolean;
}

/** What sets one kind of documents apart; `Kept` is what the store has of one beside its version. */
export interface DocumentKind<Kept extends object, View extends DocumentView> {
  /** What one is called in what callers read. */
  readonly noun: string;
  readonly path: `/${string}`;
  /** Where those that came with the deployment can be changed. */
  readonly deployedFrom: string;
  readonly store: Versioned<Kept>;
  deployed(registry: Registry): readonly View[];
  view(document: Kept & Version): View;
}

// Properties, not methods: of those the compiler would let any header be read.
interface GetRequest {
  readonly header: (name: 'If-None-Match') => string | undefined;
}

interface ChangeRequest {
  readonly header: (name: 'If-Match') => string | undefined;
}

interface PutRequest extends ChangeRequest {
  readonly caller: { readonly sub: string };
  reference(path: string): string;
}

type Tools = Pick<ApiTools, 'registry' | 'table'>;

const versionsPosition = z.strictObject({ before: z.int().min(1) });

export class VersionedDocuments<Kept extends object, View extends DocumentView> {
  readonly #kind: DocumentKind<Kept, View>;

  constructor(kind: DocumentKind<Kept, View>) {
    this.#kind = kind;
  }

  async find(name: string, { registry, table }: Tools): Promise<View | undefined> {
    const deployed = this.#deployed(name, registry);
    if (deployed !== undefined) return deployed;
    const stored = await this.#kind.store.read(table, name);
    return stored && this.#kind.view(stored);
  }

  /** By name. */
  async all({ registry, table }: Tools): Promise<View[]> {
    const deployed = this.#kind.deployed(registry);
    const names = new Set(deployed.map(({ name }) => name));
    const stored = (await this.#kind.store.list(table)).filter(({ name }) => !names.has(name));
    return [...deployed, ...stored.map((document) => this.#kind.view(document))].sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  }

  async get(name: string, { header }: GetRequest, tools: Tools): Promise<ApiResponse<View>> {
    const document = await this.find(name, tools);
    if (document === undefined) throw this.#missing(name);
    const headers = { ETag: etagOf(document) };
    if (isKnown(header('If-None-Match'), headers.ETag)) return { status: 304, headers };
    return { status: 200, body: document, headers };
  }

  /** Refuses what no PUT of that name could store, before anything is asked of the document itself. */
  checkPut(name: string, body: unknown, { registry }: Pick<ApiTools, 'registry'>): void {
    this.#refuseDeployed(name, registry);
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (bytes <= MAX_DOCUMENT_BYTES) return;
    throw refusal(
      'too-large',
      `the ${this.#kind.noun} has ${bytes} bytes; at most ${MAX_DOCUMENT_BYTES} are allowed; large data belongs in an upload that parameters name`,
    );
  }

  /** `said` tells the same PUT from another one; `keep` is asked for what is stored, once a new version is made of it. */
  async put(
    name: string,
    { said, keep }: { readonly said: object; readonly keep: () => Kept | Promise<Kept> },
    { header, caller, reference }: PutRequest,
    { table, clock }: ApiTools,
  ): Promise<ApiResponse<View>> {
    const { outcome, document } = await this.#kind.store.put(table, name, {
      body: keep,
      hash: sha256(canonicalJson(said)),
      now: clock.now(),
      caller: caller.sub,
      check: (standing) => this.#checkVersion(header('If-Match'), name, standing),
    });
    const view = this.#kind.view(document);
    const isNew = outcome === 'created';
    return {
      status: isNew ? 201 : 200,
      body: view,
      headers: {
        ETag: etagOf(view),
        ...(isNew ? { Location: reference(`${this.#kind.path}/${encodeURIComponent(name)}`) } : {}),
      },
    };
  }

  async delete(
    name: string,
    { header }: ChangeRequest,
    { registry, table }: Tools,
  ): Promise<ApiResponse<never>> {
    this.#refuseDeployed(name, registry);
    const outcome = await this.#kind.store.delete(table, name, (standing) =>
      this.#checkVersion(header('If-Match'), name, standing),
    );
    if (outcome === 'missing') throw this.#missing(name);
    return { status: 204 };
  }

  /** Of a deployed document there is the one version; of one that was deleted, those that jobs may name. */
  async versions(
    name: string,
    request: PagedRequest,
    tools: ApiTools,
  ): Promise<ApiResponse<readonly View[]>> {
    const list = new PagedList(request, tools, versionsPosition);
    const start = await list.start();
    const deployed = start === undefined ? this.#deployed(name, tools.registry) : undefined;
    if (deployed !== undefined) return list.answer([deployed], undefined);
    const { limit } = request.query;
    const versions = await this.#kind.store.versions(tools.table, name, {
      limit: limit + 1,
      before: start?.before,
    });
    if (versions.length === 0 && start === undefined) throw this.#missing(name);
    const placed = versions.slice(0, limit).map((document) => ({
      entry: this.#kind.view(document),
      position: { before: document.version },
    }));
    const { entries, next } = fitAnswer(
      placed,
      versions.length > limit ? placed.at(-1)?.position : undefined,
    );
    return list.answer(entries, next);
  }

  #deployed(name: string, registry: Registry): View | undefined {
    return this.#kind.deployed(registry).find((document) => document.name === name);
  }

  #refuseDeployed(name: string, registry: Registry): void {
    if (this.#deployed(name, registry) === undefined) return;
    const { noun, deployedFrom } = this.#kind;
    throw refusal(
      'read-only',
      `${noun} '${name}' comes with the deployment; change it there (${deployedFrom}) and deploy, or choose another name`,
    );
  }

  /** Refuses a change of a document that is no longer what the caller saw. */
  #checkVersion(ifMatch: string | undefined, name: string, standing: Version | undefined): void {
    if (ifMatch === undefined) return;
    if (standing !== undefined && isKnown(ifMatch, etagOf(standing))) return;
    const has = standing === undefined ? 'does not exist' : `has version ${standing.version}`;
    throw refusal(
      'precondition-failed',
      `${this.#kind.noun} '${name}' ${has}, If-Match asks for ${ifMatch.slice(0, 100)}; read it again and decide anew`,
    );
  }

  #missing(name: string) {
    const { noun, path } = this.#kind;
    return refusal('not-found', `there is no ${noun} '${name}'; GET ${path} lists those that there are`);
  }
}

function etagOf({ version }: { readonly version: string | number }): string {
  return `"${version}"`;
}
