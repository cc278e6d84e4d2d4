import { attribute, type OfficeFile, type OfficeReading } from './office-file.ts';
import type { OpcPackage } from './opc-package.ts';
import { readXml } from './read-xml.ts';
import { readShapes } from './shapes.ts';

/**
 * Writes the slides in presentation order, hidden ones too, each followed by its speaker notes and comments and by an
 * empty line.
 */
export async function readPptx(file: OfficeFile, opc: OpcPackage, main: string): Promise<OfficeReading> {
  const slides = await slidesInOrder(file, opc, main);
  for (const slide of slides) {
    await readShapes(file, slide);
    for (const { type, entryName } of await opc.relationsOf(slide)) {
      if (type === 'diagramData') await readShapes(file, entryName);
      if (type === 'notesSlide') await readShapes(file, entryName, { isNotes: true });
      if (type === 'comments') await readShapes(file, entryName);
    }
    file.text.write('\n');
    file.step();
  }
  return { pages: slides.length };
}

/** Returns the entries of the slides in the order of the presentation. */
export async function slidesInOrder(
  file: OfficeFile,
  opc: OpcPackage,
  main: string,
): Promise<readonly string[]> {
  const relations = await opc.related(main, 'slide');
  const targets = new Map(relations.map(({ id, entryName }) => [id, entryName]));
  const slides: string[] = [];
  await readXml(file.archive, main, {
    step: file.step,
    open(name, attributes) {
      const target = name === 'sldId' ? targets.get(attribute(attributes, 'id') ?? '') : undefined;
      if (target !== undefined) slides.push(target);
    },
  });
  return slides;
}
