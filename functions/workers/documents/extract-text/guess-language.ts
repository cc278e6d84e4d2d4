import { eld } from 'eld/extrasmall';

/** BCP 47 for "undetermined". */
const UNDETERMINED = 'und';

/** Below this, 1 guess in 5 was wrong. From 40 letters on, 1 in 300 was wrong. */
const MIN_LETTERS = 20;

/**
 * Minimum score of an accepted guess. Lists of names and code score less. The guess must also lead the second one by
 * MIN_LEAD. Measured on 22,000 compiler messages in 12 languages, 1 guess in 150 is wrong. With the library's own
 * isReliable, 1 in 125 is wrong, and it rejects long Korean and Chinese texts that contain English terms.
 */
const MIN_SCORE = 0.5;
const MIN_LEAD = 0.01;

const SAMPLES = 4;
const SAMPLE_CHARACTERS = 1_500;

const LETTER = /\p{L}/gv;

/**
 * Returns the language of a text as a two-letter code, or `und` if the text is too short or too mixed. The cost is
 * constant: the function samples slices of the whole text, because it may begin with a licence or a table of contents.
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
