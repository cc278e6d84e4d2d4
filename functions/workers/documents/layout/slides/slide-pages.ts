/** Lays out the slides of a presentation: each begins on a new page with its title, and ends with its notes. */
import type { Content } from 'pdfmake/interfaces.js';
import type { OfficeFile } from '../../office/office-file.ts';
import type { OpcDocument } from '../../office/open-office.ts';
import { slidesInOrder } from '../../office/pptx.ts';
import { readXml } from '../../office/read-xml.ts';
import { printArea } from '../../pdf/page-format.ts';
import { htmlContent } from '../html-content.ts';
import type { LaidOutPart, OfficePages } from '../laid-out-part.ts';
import { contentOptions, type LayoutOptions, layOutContent } from '../lay-out.ts';
import { replacedNote } from '../replaced-note.ts';
import { readSlide, type Slide } from './read-slide.ts';
import { SlideImages } from './slide-images.ts';

/** Number of characters of HTML that are laid out at once, with those of the images. */
const CHARACTERS_AT_ONCE = 4_000_000;
const SLIDES_AT_ONCE = 30;
/** The layout takes about a second for 300,000 characters. */
const MAX_CHARACTERS = 2_000_000;
const MAX_SLIDES = 2_000;
/** CSS pixels are 96 an inch, points 72. */
const PIXELS_PER_POINT = 96 / 72;

/** Returns undefined if the presentation is too large to lay out. */
export async function slidePages(
  document: OpcDocument,
  options: LayoutOptions,
): Promise<OfficePages | undefined> {
  const entries = await slidesInOrder(document.file, document.opc, document.main);
  if (entries.length > MAX_SLIDES) return undefined;
  const slides: Slide[] = [];
  let characters = 0;
  for (const entry of entries) {
    const slide = await readSlide(document, entry);
    for (const block of slide.blocks) characters += typeof block === 'string' ? block.length : 0;
    if (characters > MAX_CHARACTERS) return undefined;
    slides.push(slide);
    document.file.step();
  }
  const shown = slides.filter(({ isHidden }) => !isHidden);
  const slideWidth = await slideWidthOf(document.file, document.main);
  const layout = new SlideLayout(document, slideWidth, options);
  const objects = shown.reduce((sum, slide) => sum + slide.objects, 0);
  const missing = shown.reduce((sum, slide) => sum + slide.missingPictures, 0);
  return {
    parts: layout.layOut(shown),
    notes: () => [
      ...counted(slides.length - shown.length, 'hidden slides are left out'),
      ...counted(objects, 'charts, videos and embedded objects are left out'),
      ...counted(
        missing + layout.imagesLeftOut,
        'images are not PNG or JPEG, or too large, and are left out',
      ),
      ...(options.fonts.replacedCount > 0 ? [replacedNote(options.fonts.replacedCount)] : []),
    ],
  };
}

function counted(count: number, what: string): string[] {
  return count > 0 ? [`${count} ${what}`] : [];
}

/** Returns the width of the slides in EMU. */
async function slideWidthOf({ archive, step }: OfficeFile, main: string): Promise<number | undefined> {
  let width: number | undefined;
  await readXml(archive, main, {
    step,
    open(name, { cx = '' }) {
      if (name === 'sldSz' && Number(cx) > 0) width = Number(cx);
    },
  });
  return width;
}

class SlideLayout {
  readonly #options: LayoutOptions;
  readonly #slideWidth: number | undefined;
  readonly #images: SlideImages;
  imagesLeftOut = 0;

  constructor(document: OpcDocument, slideWidth: number | undefined, options: LayoutOptions) {
    this.#options = options;
    this.#slideWidth = slideWidth;
    this.#images = new SlideImages(document);
  }

  async *layOut(slides: readonly Slide[]): AsyncGenerator<LaidOutPart> {
    let content: Content[] = [];
    let characters = 0;
    for (const [position, slide] of slides.entries()) {
      const html = await this.#htmlOf(slide);
      characters += html.length;
      content.push(this.#pageOf(html, content.length === 0));
      const isLast = position === slides.length - 1;
      if (!isLast && content.length < SLIDES_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue;
      yield await layOutContent(content, this.#options);
      [content, characters] = [[], 0];
    }
    if (slides.length === 0) yield await layOutContent([], this.#options);
  }

  async #htmlOf({ title, blocks }: Slide): Promise<string> {
    const html = [title === '' ? '' : `<h2>${title}</h2>`];
    for (const block of blocks) {
      if (typeof block === 'string') html.push(block);
      else {
        const image = await this.#images.html(block, this.#pixelsOf(block.width));
        if (image === undefined) this.imagesLeftOut += 1;
        else html.push(image);
      }
    }
    return html.join('');
  }

  /** An image takes the same part of the width as on the slide. */
  #pixelsOf(width: number): number | undefined {
    if (this.#slideWidth === undefined || width <= 0) return undefined;
    const points = (printArea(this.#options.format).width * width) / this.#slideWidth;
    return Math.max(1, Math.round(points * PIXELS_PER_POINT));
  }

  #pageOf(html: string, isFirst: boolean): Content {
    const { content, imagesLeftOut } = htmlContent(html, contentOptions(this.#options));
    this.imagesLeftOut += imagesLeftOut;
    const stack = content.length === 0 ? [''] : content;
    return { stack, ...(!isFirst && { pageBreak: 'before' as const }) };
  }
}
