/** Distinguishes text from binary data by its control characters. */

const REPLACEMENT = 0xfffd;

/** Controls that text may contain in any number: bell, backspace, tab, line ends, form feed, terminal escapes. */
const TEXT_CONTROLS = new Set([0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);
const NUL = 0;
/** DOS programs write this control at the end of a file. */
export const DOS_END = '\x1a';

/** Maximum share of control characters in a text whose bytes are valid. Data of a program has more. */
const MAX_CONTROLS = 0.1;
/** Maximum share if there are few kinds, such as the separators of FIX messages and MARC records. */
const MAX_SEPARATORS = 0.3;
const MAX_SEPARATOR_KINDS = 2;
/** Separators of files, groups, records and units, which bar codes and EDI messages use together: one kind. */
const INFORMATION_SEPARATORS = new Set([0x1c, 0x1d, 0x1e, 0x1f]);
const FIRST_SEPARATOR = 0x1c;
/** In shorter texts, more than one control character is suspicious. */
const MIN_LENGTH = 12;
/** Minimum length of a text with one control character. */
const MIN_LENGTH_OF_ONE = 3;
/** Maximum share in a text with invalid bytes, or in a legacy encoding, where every byte is valid. */
const MAX_CONTROLS_IN_DOUBT = 0.002;
/** In shorter texts with invalid bytes, one control character is enough to doubt. */
const MIN_LENGTH_IN_DOUBT = 100;

/** True if a decoded text is the content of a text file. `isValid` means that its encoding is certain. */
export function isText(text: string, isValid: boolean): boolean {
  const { controls, kinds, hasNul } = countControls(text);
  if (controls === 0) return true;
  if (!isValid)
    return text.length >= MIN_LENGTH_IN_DOUBT && controls <= 1 + text.length * MAX_CONTROLS_IN_DOUBT;
  const isSeparator = kinds <= MAX_SEPARATOR_KINDS && !hasNul;
  const share = isSeparator ? MAX_SEPARATORS : MAX_CONTROLS;
  if (controls === 1) return text.length >= MIN_LENGTH_OF_ONE;
  return text.length >= MIN_LENGTH && controls <= text.length * share;
}

/** Counts unusual control characters. A run of NULs counts as one, because log rotation leaves long ones. */
function countControls(text: string): { controls: number; kinds: number; hasNul: boolean } {
  let controls = 0;
  let last = -1;
  const kinds = new Set<number>();
  const end = text.endsWith(DOS_END) ? text.length - 1 : text.length;
  for (let i = 0; i < end; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && !TEXT_CONTROLS.has(unit) && !(unit === NUL && last === NUL)) {
      controls += 1;
      kinds.add(INFORMATION_SEPARATORS.has(unit) ? FIRST_SEPARATOR : unit);
    }
    last = unit;
  }
  return { controls, kinds: kinds.size, hasNul: kinds.has(NUL) };
}

export function countUnits(text: string): { broken: number; beyondAscii: number } {
  let broken = 0;
  let beyondAscii = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === REPLACEMENT) broken += 1;
    else if (unit > 0x7f) beyondAscii += 1;
  }
  return { broken, beyondAscii };
}
