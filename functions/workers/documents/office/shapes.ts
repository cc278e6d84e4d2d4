import { decodeEscapes, type OfficeFile } from './office-file.ts';
import { storyReader } from './ooxml-story.ts';
import { readXml } from './read-xml.ts';
import { StoryWriter } from './story-writer.ts';

/** Placeholders of a notes page that repeat the slide or the presentation. */
const NOT_NOTES = new Set(['sldImg', 'sldNum', 'hdr', 'ftr', 'dt']);

/** Writes the text of the shapes, tables and comments of a part. */
export async function readShapes(
  file: OfficeFile,
  entryName: string,
  { isNotes = false } = {},
): Promise<void> {
  const story = new StoryWriter(file.text, file.maxCharacters);
  let isSilentShape = false;
  let isComment = false;
  const reader = storyReader(story, {
    silent: new Set(['pPr', 'rPr', 'endParaRPr']),
    breaks: { br: '\n', tab: '\t' },
    decode: decodeEscapes,
    open: {
      ph({ type = '' }) {
        if (!isNotes || isSilentShape || !NOT_NOTES.has(type)) return;
        isSilentShape = true;
        story.silence();
      },
      // The text of a comment, in files of PowerPoint 2007 to 2019.
      text: () => {
        isComment = true;
      },
    },
    close: {
      sp() {
        if (isSilentShape) story.endSilence();
        isSilentShape = false;
      },
      text() {
        isComment = false;
        story.write('\n');
      },
    },
  });
  await readXml(file.archive, entryName, {
    step: file.step,
    ...reader,
    text(piece) {
      if (isComment) story.write(decodeEscapes(piece));
      else reader.text?.(piece);
    },
  });
  story.end();
}
