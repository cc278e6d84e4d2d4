/** Returns the name of a label, such as `shift_jis` for `x-sjis`, or `undefined` if the label is unknown. */
export function encodingName(label: string): string | undefined {
  const text = label.trim().toLowerCase();
  // Node 20 does not know this one.
  if (text === 'iso-8859-16') return text;
  try {
    return new TextDecoder(text).encoding;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
