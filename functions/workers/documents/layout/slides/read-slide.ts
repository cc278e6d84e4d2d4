import type { OpcDocument } from '../../office/open-office.ts';
import { readXml } from '../../office/read-xml.ts';
import { readShapes } from '../../office/shapes.ts';
import { BoundedText } from '../../text/bounded-text.ts';
import { escapeHtml, type SlideHtml, SlideReader } from './slide-html.ts';

/** Picture in an archive. */
export interface PictureEntry {
  readonly entryName: string;
  /** Width on the slide in EMU, or 0 if the slide does not state it. */
  readonly width: number;
}

export interface Slide extends Omit<SlideHtml, 'blocks'> {
  readonly blocks: readonly (string | PictureEntry)[];
  /** Number of pictures whose file is missing or elsewhere. */
  readonly missingPictures: number;
}

/** Reads a slide with its diagrams, notes and comments. */
export async function readSlide({ file, opc }: OpcDocument, entryName: string): Promise<Slide> {
  const reader = new SlideReader();
  await readXml(file.archive, entryName, {
    step: file.step,
    open: (name, attributes) => reader.open(name, attributes),
    close: (name) => reader.close(name),
    text: (piece) => reader.text(piece),
  });
  const { blocks, ...slide } = reader.end();
  const relations = await opc.relationsOf(entryName);
  const textOf = async (type: string) => {
    const text = new BoundedText(file.maxCharacters);
    for (const relation of relations) {
      if (relation.type !== type) continue;
      await readShapes({ ...file, text }, relation.entryName, { isNotes: type === 'notesSlide' });
    }
    return text
      .end()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(paragraph)
      .join('');
  };
  const images = new Map(relations.map(({ id, entryName: image }) => [id, image]));
  const shown = blocks.flatMap((block): (string | PictureEntry)[] => {
    if (typeof block === 'string') return [block];
    const image = images.get(block.relation);
    return image === undefined ? [] : [{ entryName: image, width: block.width }];
  });
  return {
    ...slide,
    blocks: [
      ...shown,
      await textOf('diagramData'),
      ...section('Notes', await textOf('notesSlide')),
      ...section('Comments', await textOf('comments')),
    ],
    missingPictures: blocks.length - shown.length,
  };
}

function paragraph(line: string): string {
  return `<p>${escapeHtml(line)}</p>`;
}

function section(name: string, html: string): string[] {
  return html === '' ? [] : [`<h4>${name}</h4>`, html];
}
