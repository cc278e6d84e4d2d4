import { BoundedText } from '../text/bounded-text.ts';

/** Text that is collected apart, such as a text box. */
interface Frame {
  readonly text: BoundedText;
  readonly maxCharacters: number;
  paragraphs: number;
  cells: number;
  /** Boxes anchored in the current paragraph. They follow it. */
  boxes: string[];
}

/**
 * Writes the text of a document body: each paragraph as a line, each table row as a line of tab-separated cells, and
 * each text box after the paragraph that it is anchored in.
 */
export class StoryWriter {
  readonly #frames: Frame[];
  #silent = 0;
  /** True for an alternative whose text is written already. */
  readonly #alternatives: { hasText: boolean }[] = [];
  readonly #silentBranches: boolean[] = [];

  constructor(text: BoundedText, maxCharacters: number) {
    this.#frames = [frameOf(text, maxCharacters)];
  }

  get #frame(): Frame {
    const frame = this.#frames.at(-1);
    if (frame === undefined) throw new Error('a story has a frame until it ends');
    return frame;
  }

  get isSilent(): boolean {
    return this.#silent > 0;
  }

  get isInParagraph(): boolean {
    return this.#frame.paragraphs > 0;
  }

  /** Starts a range whose text is left out. Ranges can be nested. */
  silence(): void {
    this.#silent += 1;
  }

  endSilence(): void {
    this.#silent -= 1;
  }

  write(piece: string): void {
    if (this.isSilent || piece === '') return;
    this.#frame.text.write(piece);
    if (piece.trim() !== '') for (const alternative of this.#alternatives) alternative.hasText = true;
  }

  openParagraph(): void {
    this.#frame.paragraphs += 1;
  }

  /** `isJoined` means that the paragraph continues in the next one, because its end was deleted. */
  closeParagraph({ isJoined = false } = {}): void {
    const frame = this.#frame;
    frame.paragraphs -= 1;
    if (isJoined) return;
    this.write(this.#lineEnd);
    if (frame.paragraphs > 0 || this.isSilent) return;
    const { boxes } = frame;
    frame.boxes = [];
    for (const box of boxes) this.write(box + this.#lineEnd);
  }

  openCell(): void {
    this.#frame.cells += 1;
  }

  closeCell(): void {
    this.#frame.cells -= 1;
    this.write('\t');
  }

  closeRow(): void {
    this.write(this.#lineEnd);
  }

  /** Starts a text box or a note. Its text follows the current paragraph. */
  openBox(): void {
    const { maxCharacters } = this.#frame;
    this.#frames.push(frameOf(new BoundedText(maxCharacters), maxCharacters));
  }

  closeBox(): void {
    const box = this.takeBox();
    if (box === '' || this.isSilent) return;
    if (this.isInParagraph) this.#frame.boxes.push(box);
    else this.write(box + this.#lineEnd);
  }

  /** Ends a text box, and returns its text instead of writing it. */
  takeBox(): string {
    if (this.#frames.length === 1) return '';
    const frame = this.#frames.pop();
    return frame === undefined ? '' : [frame.text.end().trim(), ...frame.boxes].join('\n').trim();
  }

  /** Starts content that is stored several times, for programs of different age. Only one copy is written. */
  openAlternatives(): void {
    this.#alternatives.push({ hasText: false });
  }

  closeAlternatives(): void {
    this.#alternatives.pop();
  }

  openAlternative(): void {
    const isSilent = this.#alternatives.at(-1)?.hasText ?? false;
    this.#silentBranches.push(isSilent);
    if (isSilent) this.silence();
  }

  closeAlternative(): void {
    if (this.#silentBranches.pop()) this.endSilence();
  }

  /** Ends the story. The next one starts on a new line. */
  end(): void {
    for (const box of this.#frame.boxes.splice(0)) this.write(`\n${box}`);
    this.write('\n');
  }

  /** A line ends within a table cell would split its row. */
  get #lineEnd(): string {
    return this.#frame.cells > 0 ? ' ' : '\n';
  }
}

function frameOf(text: BoundedText, maxCharacters: number): Frame {
  return { text, maxCharacters, paragraphs: 0, cells: 0, boxes: [] };
}
