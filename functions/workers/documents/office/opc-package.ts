import { UnreadableDocument } from '../unreadable-document.ts';
import type { OfficeFile } from './office-file.ts';
import { readXml } from './read-xml.ts';

/** Reference from one part of a package to another. */
export interface Relation {
  readonly id: string;
  /** Last segment of the type's URI. It is the same for strict and transitional documents. */
  readonly type: string;
  /** Entry of the archive. */
  readonly entryName: string;
}

type PackageFile = Pick<OfficeFile, 'archive' | 'step'>;

const CONTENT_TYPES = '[Content_Types].xml';
const RELATIONS = '_rels/.rels';

/**
 * Open Packaging Conventions: the container of docx, xlsx and pptx. Finds parts by their content types and relations,
 * because each program chooses the names. Part names are case-insensitive.
 */
export class OpcPackage {
  readonly #file: PackageFile;
  /** Names of the archive's entries, by their normalized part names. */
  readonly #entryNames: ReadonlyMap<string, string>;
  readonly #types = new Map<string, string>();
  readonly #defaultTypes = new Map<string, string>();

  private constructor(file: PackageFile) {
    this.#file = file;
    this.#entryNames = new Map([...file.archive.entries.keys()].map((name) => [partName(name), name]));
  }

  /** Returns undefined if the archive is not a package. Some programs write packages without content types. */
  static async open(file: PackageFile): Promise<OpcPackage | undefined> {
    const found = new OpcPackage(file);
    const types = found.#entryNames.get(partName(CONTENT_TYPES));
    if (types === undefined) return found.#entryNames.has(RELATIONS) ? found : undefined;
    await readXml(file.archive, types, {
      step: file.step,
      open(element, { PartName = '', Extension = '', ContentType = '' }) {
        if (element === 'Override') found.#types.set(partName(PartName), ContentType);
        if (element === 'Default') found.#defaultTypes.set(Extension.toLowerCase(), ContentType);
      },
    });
    return found;
  }

  /** Returns the entry of a part, which may be named in other letter case or with percent-encoded characters. */
  entryOf(name: string): string | undefined {
    return this.#entryNames.get(partName(name));
  }

  contentTypeOf(entryName: string): string {
    const name = partName(entryName);
    const extension = name.slice(name.lastIndexOf('.') + 1);
    return this.#types.get(name) ?? this.#defaultTypes.get(extension) ?? '';
  }

  /** True if a part has such a content type. */
  hasPart(isType: (contentType: string) => boolean): boolean {
    return [...this.#types.values()].some(isType);
  }

  /** Returns the part that the package's relations declare as its document, or the first part with such a type. */
  async mainEntry(isMainType: (contentType: string) => boolean): Promise<string | undefined> {
    const main = await this.related('', 'officeDocument');
    if (main.length > 0) return main[0]?.entryName;
    const [name = ''] = [...this.#types].find(([, type]) => isMainType(type)) ?? [];
    return this.#entryNames.get(name);
  }

  /** Returns the relations of one type whose target exists, in file order. An empty name means the package itself. */
  async related(entryName: string, type: string): Promise<readonly Relation[]> {
    return (await this.relationsOf(entryName)).filter((relation) => relation.type === type);
  }

  async relationsOf(entryName: string): Promise<readonly Relation[]> {
    const slash = entryName.lastIndexOf('/') + 1;
    const folder = entryName.slice(0, slash);
    const relations: Relation[] = [];
    const relationsEntry = this.#entryNames.get(partName(`${folder}_rels/${entryName.slice(slash)}.rels`));
    if (relationsEntry === undefined) return relations;
    await readXml(this.#file.archive, relationsEntry, {
      step: this.#file.step,
      open: (element, { Id: id = '', Type = '', Target = '', TargetMode }) => {
        if (element !== 'Relationship' || TargetMode === 'External') return;
        const target = this.#entryNames.get(resolvePart(Target, folder));
        const type = Type.slice(Type.lastIndexOf('/') + 1);
        if (target !== undefined) relations.push({ id, type, entryName: target });
        else if (type === 'officeDocument') throw missingPart(Target);
      },
    });
    return relations;
  }
}

/** Resolves a target relative to a folder. A target that begins with a slash is relative to the package. */
function resolvePart(target: string, folder: string): string {
  const base = `zip:///${folder.split('/').map(encodeURIComponent).join('/')}`;
  const path = target.replaceAll('\\', '/');
  return URL.canParse(path, base) ? partName(new URL(path, base).pathname) : '';
}

function partName(name: string): string {
  const path = name.startsWith('/') ? name.slice(1) : name;
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    // A name with a plain percent sign.
    return path.toLowerCase();
  }
}

function missingPart(target: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the office document is not valid: its main part '${target.slice(0, 200)}' is missing; save it again with an office program`,
  );
}
