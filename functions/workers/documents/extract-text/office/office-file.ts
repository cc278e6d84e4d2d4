import type { ZipArchive } from '../../reading/zip-archive.ts';
import type { BoundedText } from '../bounded-text.ts';
import { readXml } from './read-xml.ts';

/** What a reader of one office format works with. */
export interface OfficeFile {
  readonly archive: ZipArchive;
  readonly text: BoundedText;
  /** Called whenever a piece is done. */
  readonly step: () => void;
}

/** Targets by id, of the relations of a member such as `ppt/presentation.xml`, as names of members. */
export async function relationsOf(
  { archive, step }: OfficeFile,
  member: string,
): Promise<ReadonlyMap<string, string>> {
  const slash = member.lastIndexOf('/') + 1;
  const folder = member.slice(0, slash);
  const name = `${folder}_rels/${member.slice(slash)}.rels`;
  const targets = new Map<string, string>();
  if (!archive.members.has(name)) return targets;
  await readXml(archive, name, {
    step,
    open(element, { Id, Target }) {
      if (element !== 'Relationship' || Id === undefined || Target === undefined) return;
      // A path of the archive begins with a slash, any other one at the member's folder.
      targets.set(Id, new URL(Target, `zip:///${folder}`).pathname.slice(1));
    },
  });
  return targets;
}

/** The value of an attribute whatever prefix its namespace has: `r:id`, say. */
export function attribute(
  attributes: Readonly<Record<string, string>>,
  localName: string,
): string | undefined {
  const found = Object.entries(attributes).find(([name]) => name.endsWith(`:${localName}`));
  return found?.[1];
}
