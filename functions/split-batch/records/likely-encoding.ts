/** Finds the encoding in which a text is most like one of the languages that its users write. */
import { decodersOf } from '../../sources/text-decoder.ts';
import { LANGUAGES, type Language } from './languages.ts';

/** Number of characters beyond ASCII that are compared. More do not change the result. */
const MAX_COMPARED = 2_000;
/** Minimum mean score. Texts have about 0.7 in their own encoding, and less than 0.2 in others. */
const MIN_SCORE = 0.3;

/** Decides between encodings of short texts that fit equally. */
const MOST_FREQUENT = 'windows-1252';
const BONUS = 0.1;
const BONUS_OF_SHORT_TEXT = 0.4;

/** Signs beyond ASCII that all languages use. */
const COMMON_SIGN = /^[\u00a0«»„“”‚‘’–—…€£§°№•™®©´·²³、。「」・：（），！？・～]$/;
const LETTER = /^\p{L}|\p{M}$/u;
const ASCII_LETTER = /^[A-Za-z]$/;

/** Returns the encoding, or `undefined` if the text is not like any of the languages. */
export async function likelyEncoding(head: Uint8Array, isWhole: boolean): Promise<string | undefined> {
  let best = { encoding: '', score: MIN_SCORE };
  const texts = new Map<string, string | undefined>();
  for (const language of LANGUAGES) {
    for (const encoding of language.encodings) {
      if (!texts.has(encoding)) texts.set(encoding, await decoded(head, encoding, isWhole));
      const text = texts.get(encoding);
      if (text === undefined) continue;
      const isPreferred = encoding === MOST_FREQUENT;
      const score = likeness(text, language, await weightsOf(language), isPreferred);
      if (score > best.score) best = { encoding, score };
    }
  }
  return best.encoding === '' ? undefined : best.encoding;
}

async function decoded(head: Uint8Array, encoding: string, isWhole: boolean): Promise<string | undefined> {
  const newDecoder = await decodersOf(encoding);
  try {
    return newDecoder({ fatal: true }).decode(head, { stream: !isWhole });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Characters of the common part of an east Asian standard. */
async function commonCharacters({ encodings, commonLeads }: Language): Promise<[string, number][]> {
  const [encoding] = encodings;
  if (commonLeads === undefined || encoding === undefined) return [];
  const newDecoder = await decodersOf(encoding);
  const [first, last] = commonLeads;
  const leads = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const bytes = leads.flatMap((lead) => TRAILS.flatMap((trail) => [lead, trail]));
  const text = newDecoder({ fatal: false }).decode(Uint8Array.from(bytes));
  return Array.from(text, (sign) => [sign, COMMON_WEIGHT]);
}

/** Second bytes of GBK and Big5. */
const TRAILS = Array.from({ length: 0xfe - 0xa1 + 1 }, (_, at) => 0xa1 + at);
const COMMON_WEIGHT = 0.55;

/** Returns the mean score of the characters beyond ASCII, from about -3 to 1. */
function likeness(
  text: string,
  language: Language,
  weights: ReadonlyMap<string, number>,
  isPreferred: boolean,
): number {
  let score = 0;
  let count = 0;
  let run = 0;
  for (let at = 0; at < text.length && count < MAX_COMPARED; at += 1) {
    const sign = text[at] as string;
    if (sign < '\u0080') {
      run = 0;
      continue;
    }
    count += 1;
    run += 1;
    score += weightOf(sign, language, weights) - misplaced(text, at, run, language);
  }
  if (count === 0) return 0;
  return isPreferred ? (score + BONUS_OF_SHORT_TEXT) / count + BONUS : score / count;
}

const knownWeights = new Map<Language, ReadonlyMap<string, number>>();

/** The most frequent letter has 1, the last one less. */
const SLOPE = 0.8;

async function weightsOf(language: Language): Promise<ReadonlyMap<string, number>> {
  const known = knownWeights.get(language);
  if (known !== undefined) return known;
  const letters = [...new Set(language.letters)];
  const weights = new Map(await commonCharacters(language));
  for (const [position, letter] of letters.entries()) {
    const weight =
      language.weight ?? (language.script === 'east-asian' ? 1 : 1 - (SLOPE * position) / letters.length);
    weights.set(letter, weight);
    if (!weights.has(letter.toUpperCase())) weights.set(letter.toUpperCase(), weight);
  }
  knownWeights.set(language, weights);
  return weights;
}

function weightOf(sign: string, { script, others }: Language, weights: ReadonlyMap<string, number>): number {
  const weight = weights.get(sign);
  if (weight !== undefined) return weight;
  if (COMMON_SIGN.test(sign)) return 0;
  if (others?.test(sign)) return 0.8;
  if (script === 'east-asian') return /^\p{Script=Han}$/u.test(sign) ? 0.1 : -1;
  return LETTER.test(sign) ? -0.7 : -1.5;
}

/** Returns the deduction for a character among neighbours that words of the language do not have. */
function misplaced(text: string, at: number, run: number, { script }: Language): number {
  const sign = text[at] as string;
  const [before = ' ', after = ' '] = [text[at - 1], text[at + 1]];
  if (script === 'east-asian') return 0;
  const isInWord = LETTER.test(before) || LETTER.test(after);
  if (!LETTER.test(sign)) return isInWord && LETTER.test(before) && LETTER.test(after) ? 0.5 : 0;
  let deduction = 0;
  if (script === 'latin' && run > 2) deduction += 1;
  if (script === 'other' && (ASCII_LETTER.test(before) || ASCII_LETTER.test(after))) deduction += 1;
  // A capital after a small letter, or a word of capitals.
  const isCapital = sign !== sign.toLowerCase();
  if (isCapital && LETTER.test(before)) deduction += before === before.toLowerCase() ? 1 : 0.2;
  return deduction;
}
