import { attribute, type OfficeFile, relationsOf } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';

const PRESENTATION = 'ppt/presentation.xml';

/** Writes the slides in presentation order, separated by empty lines. Returns the number of slides. */
export async function readPptx(file: OfficeFile): Promise<number> {
  const slides = await slidesInOrder(file);
  for (const slide of slides) {
    await readXml(file.archive, slide, { step: file.step, ...slideReader(file) });
    file.text.write('\n');
    file.step();
  }
  return slides.length;
}

async function slidesInOrder(file: OfficeFile): Promise<readonly string[]> {
  const targets = await relationsOf(file, PRESENTATION);
  const slides: string[] = [];
  await readXml(file.archive, PRESENTATION, {
    step: file.step,
    open(name, attributes) {
      const target = name === 'sldId' ? targets.get(attribute(attributes, 'id') ?? '') : undefined;
      if (target !== undefined && file.archive.entries.has(target)) slides.push(target);
    },
  });
  return slides;
}

function slideReader({ text }: OfficeFile): XmlReader {
  let isText = false;
  return {
    open(name) {
      if (name === 't') isText = true;
      if (name === 'br') text.write('\n');
    },
    close(name) {
      if (name === 't') isText = false;
      if (name === 'p') text.write('\n');
    },
    text(piece) {
      if (isText) text.write(piece);
    },
  };
}
