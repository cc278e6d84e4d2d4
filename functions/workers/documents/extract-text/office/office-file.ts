import type { ZipArchive } from '../../reading/zip-archive.ts';
import type { BoundedText } from '../bounded-text.ts';
import { readXml } from './read-xml.ts';

/** Input and output of the reader of one office format. */
export interface OfficeFile {
  readonly archive: ZipArchive;
  readonly text: BoundedText;
  /** Called after each unit of work. */
  readonly step: () => void;
}

/** Returns the relations of an entry such as `ppt/presentation.xml`: names of target entries by relation id. */
export async function relationsOf(
  { archive, step }: OfficeFile,
  entryName: string,
): Promise<ReadonlyMap<string, string>> {
  const slash = entryName.lastIndexOf('/') + 1;
  const folder = entryName.slice(0, slash);
  const name = `${folder}_rels/${entryName.slice(slash)}.rels`;
  const targets = new Map<string, string>();
  if (!archive.entries.has(name)) return targets;
  await readXml(archive, name, {
    step,
    open(element, { Id, Target }) {
      if (element !== 'Relationship' || Id === undefined || Target === undefined) return;
      // A path that begins with a slash is relative to the archive, any other to the entry's folder.
      targets.set(Id, new URL(Target, `zip:///${folder}`).pathname.slice(1));
    },
  });
  return targets;
}

/** Returns the value of an attribute such as `r:id`, with any namespace prefix. */
export function attribute(
  attributes: Readonly<Record<string, string>>,
  localName: string,
): string | undefined {
  const match = Object.entries(attributes).find(([name]) => name.endsWith(`:${localName}`));
  return match?.[1];
}
