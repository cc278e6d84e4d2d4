import { format } from 'numfmt';

/** Formats that a workbook uses by number, without storing them. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '$#,##0;-$#,##0',
  6: '$#,##0;-$#,##0',
  7: '$#,##0.00;-$#,##0.00',
  8: '$#,##0.00;-$#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  // Office shows these two in the order of the reader's country.
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  41: '#,##0;(#,##0);"-"',
  42: '$#,##0;($#,##0);"-"',
  43: '#,##0.00;(#,##0.00);"-"',
  44: '$#,##0.00;($#,##0.00);"-"',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
};

/** East Asian date formats. Each language has its own; all of them show a date. */
const isEastAsianDate = (id: number) => (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

const GENERAL = 'General';
/** Office stores numbers with up to 17 digits and shows up to 15. */
const SHOWN_DIGITS = 15;

/** Days between the first days of the two calendars of Excel. */
const DAYS_TO_1904 = 1462;

/** Returns the pattern with this id. `stored` has the patterns of the workbook. */
export function patternOf(id: number, stored: ReadonlyMap<number, string>): string {
  return stored.get(id) ?? BUILT_IN[id] ?? (isEastAsianDate(id) ? 'yyyy-mm-dd' : GENERAL);
}

/** True for patterns of dates and times, whose numbers count days. */
const DATE_PATTERN = /[ymdhse]/i;
/** Quoted text, escaped characters, and brackets such as colors and conditions. Times such as [h] stay. */
const LITERAL = /"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General/gi;

/**
 * Returns a stored number as Excel shows it. Numbers of the format General keep all their digits, because Excel rounds
 * them to the width of the column. A number that its format hides is returned as stored.
 */
export function showNumber(
  stored: string,
  pattern: string,
  { startsIn1904 }: { readonly startsIn1904: boolean },
): string {
  const number = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(number)) return stored;
  if (pattern === GENERAL) return showGeneral(number, stored);
  const isDate = DATE_PATTERN.test(pattern.replace(LITERAL, ''));
  try {
    return format(pattern, isDate && startsIn1904 ? number + DAYS_TO_1904 : number).trim() || stored;
  } catch {
    // A pattern that the library cannot parse.
    return showGeneral(number, stored);
  }
}

function showGeneral(number: number, stored: string): string {
  // Integers of more digits than a number has are kept as stored.
  if (/^-?\d+$/.test(stored)) return stored;
  const rounded = Number(number.toPrecision(SHOWN_DIGITS));
  // The largest number would be rounded beyond the numbers that exist.
  return String(Number.isFinite(rounded) ? rounded : number);
}
