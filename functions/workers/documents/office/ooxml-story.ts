import type { XmlReader } from './read-xml.ts';
import type { StoryWriter } from './story-writer.ts';

type Attributes = Readonly<Record<string, string>>;

/** Elements of one format, beside the paragraphs and tables that Word, PowerPoint and Excel have in common. */
export interface StoryElements {
  /** Elements whose text is left out. */
  readonly silent: ReadonlySet<string>;
  /** Text of elements without content, such as a tab. */
  readonly breaks: Readonly<Record<string, string>>;
  readonly open?: Readonly<Record<string, (attributes: Attributes) => void>>;
  readonly close?: Readonly<Record<string, () => void>>;
  /** True if the end of the paragraph that closes was deleted. Called once for each paragraph. */
  readonly isJoined?: () => boolean;
  readonly decode?: (text: string) => string;
}

/** Returns a reader that writes the paragraphs, tables, text boxes and alternatives of an OOXML part. */
export function storyReader(story: StoryWriter, elements: StoryElements): XmlReader {
  const { silent, breaks, isJoined = () => false, decode = (text) => text } = elements;
  let runText: string | undefined;
  const open: Readonly<Record<string, (attributes: Attributes) => void>> = {
    t: () => {
      runText = '';
    },
    p: () => story.openParagraph(),
    tc: () => story.openCell(),
    txbxContent: () => story.openBox(),
    AlternateContent: () => story.openAlternatives(),
    Choice: () => story.openAlternative(),
    Fallback: () => story.openAlternative(),
    ...elements.open,
  };
  const close: Readonly<Record<string, () => void>> = {
    t: () => {
      story.write(decode(runText ?? ''));
      runText = undefined;
    },
    p: () => story.closeParagraph({ isJoined: isJoined() }),
    tc: () => story.closeCell(),
    tr: () => story.closeRow(),
    txbxContent: () => story.closeBox(),
    AlternateContent: () => story.closeAlternatives(),
    Choice: () => story.closeAlternative(),
    Fallback: () => story.closeAlternative(),
    ...elements.close,
  };
  return {
    open(name, attributes) {
      if (silent.has(name)) story.silence();
      if (Object.hasOwn(open, name)) open[name]?.(attributes);
      if (Object.hasOwn(breaks, name)) story.write(breaks[name] ?? '');
    },
    close(name) {
      if (silent.has(name)) story.endSilence();
      if (Object.hasOwn(close, name)) close[name]?.();
    },
    text(piece) {
      if (runText !== undefined) runText += piece;
    },
  };
}
