/** The definition of `lines` for a file of the benchmark. */
import type { LoadingParameters } from './benchmark.ts';

/**
 * Definitions with more or less knowledge about the file. `parameters` has the form that the benchmark gives to every reader, and
 * keeps wrong records. With `strict`, these fail. With `auto`, the form is detected. `defaults` has only the format CSV.
 */
const MODES = ['parameters', 'strict', 'auto', 'defaults'] as const;
type Mode = (typeof MODES)[number];

export function modeOf(text: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new Error(`--mode '${text}' is not known; allowed are ${MODES.join(', ')}`);
}

/** Keeps what can be kept of a table. Without these members, records that do not fit the rules fail alone. */
const TOLERANT = {
  raggedRows: 'keep',
  strayQuotes: 'literal',
  headerNames: 'unique',
  allowEmpty: true,
} as const;

/** Names of the Encoding Standard for those of Python. */
const ENCODINGS: Readonly<Record<string, string>> = { ascii: 'us-ascii' };

export function definitionFor(mode: Mode, given: LoadingParameters): object {
  if (mode === 'defaults') return { format: 'csv' };
  if (mode === 'auto') return { format: 'csv', delimiter: 'auto', ...TOLERANT };
  return mode === 'strict' ? formOf(given) : { ...formOf(given), ...TOLERANT };
}

function formOf(given: LoadingParameters): object {
  const { encoding, delimiter, quotechar, escapechar, header_lines: headerLines } = given;
  return {
    format: 'csv',
    encoding: ENCODINGS[encoding] ?? encoding,
    ...(delimiter === '' ? {} : { delimiter }),
    ...(quotechar === '' ? {} : { quote: quotechar }),
    ...(escapechar === '' ? {} : { escape: escapechar }),
    ...(headerLines === 0 ? { header: false } : { headerLines }),
    // The parameters say CRLF, but the benchmark's repository contains these files with LF.
    ...(given.row_delimiter === '\r' ? { recordSeparator: '\r' } : {}),
    skipLines: given.preamble_lines,
    skipLastLines: given.footnote_lines,
  };
}
