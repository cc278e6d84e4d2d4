/** Returns the note on characters that no font can draw. */
export function replacedNote(replacedCount: number): string {
  return `${replacedCount} characters have no glyph in the font and are shown as \ufffd`;
}
