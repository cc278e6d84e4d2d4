/** Letters of languages, the most frequent first, and the encodings of their files. */

export interface Language {
  /** Letters beyond ASCII, in lower case. In Chinese, Japanese and Korean, the most frequent characters. */
  readonly letters: string;
  readonly encodings: readonly string[];
  /** Script of its words. Words in Latin script contain ASCII letters, all others do not. */
  readonly script: 'latin' | 'other' | 'east-asian';
  /** Weight of each letter. @default - by frequency */
  readonly weight?: number;
  /** Other characters that its texts have. */
  readonly others?: RegExp;
  /** First and last lead byte of the characters that its standard lists as the common ones. */
  readonly commonLeads?: readonly [number, number];
}

const WESTERN = ['windows-1252'];
const CENTRAL = ['windows-1250', 'iso-8859-2'];
const CYRILLIC = ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'];

const latin = (letters: string, encodings: readonly string[]): Language => ({
  letters,
  encodings,
  script: 'latin',
});
const other = (letters: string, encodings: readonly string[]): Language => ({
  letters,
  encodings,
  script: 'other',
});

export const LANGUAGES: readonly Language[] = [
  // Any of them, with less weight than a certain one.
  { letters: 'éäöüáóíñçãâêôàèùøåæßúòìëïîûõœ', encodings: WESTERN, script: 'latin', weight: 0.5 },
  // German, French, Spanish, Portuguese, Italian, Danish and Norwegian, Swedish and Finnish, Dutch, Icelandic, Catalan.
  latin('üäöß', WESTERN),
  latin('éèàêçôâîùûïëœ', WESTERN),
  latin('óíáéñúü¡¿ªº', WESTERN),
  latin('ãçáéíóêõâúàô', WESTERN),
  latin('àèùéòì', WESTERN),
  latin('øåæéöü', WESTERN),
  latin('äöåéü', WESTERN),
  latin('ëéïèöü', WESTERN),
  latin('áíðóéúöþæý', WESTERN),
  latin('àéòèíçóúïü', WESTERN),
  // Polish, Czech and Slovak, Hungarian, Romanian, Croatian and Slovene.
  latin('łąężśóćńź', CENTRAL),
  latin('íáéěýřčžšůúťóňďľôäĺŕ', CENTRAL),
  latin('áéöíőóüúű', CENTRAL),
  latin('ăîșțâşţ', [...CENTRAL, 'iso-8859-16']),
  latin('čšžćđ', CENTRAL),
  // Turkish, the Baltic languages.
  latin('ıüşğöçâî', ['windows-1254']),
  latin('ėšžįųąčūę', ['windows-1257']),
  latin('āīšēūžņļčģķ', ['windows-1257']),
  latin('äõüöšž', ['windows-1257', 'windows-1252']),
  // Russian, Ukrainian, Bulgarian, Serbian and Macedonian.
  other('оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё', CYRILLIC),
  other('оанитвресклудмпязьбгйчхцжіїшюєщфґ', ['windows-1251', 'koi8-u', 'ibm866']),
  other('аиоетнрсвлкдпмзяъбгучцжщшхюйфь', CYRILLIC),
  other('аоиенрсјтувдкмлпзгбчшцжхћњљђџфѓќ', ['windows-1251', 'iso-8859-5']),
  other('αοιετσνηυρπκμλςάέίόγδύήχώθφβξζψϊϋ', ['windows-1253', 'iso-8859-7']),
  other('יוהלאםרתבשנמעדכקחפטסזגצןךףץ', ['windows-1255']),
  other('النيمورتبعدهسفكقحةجشأصطخىئإزءذضثغظؤآ،؟', ['windows-1256', 'iso-8859-6']),
  other('านรอกเงมยลวดทสตะปบคหแจพชขใไโผณซธศฉภษถฟฐฝญฆฏฎฒึืูุิี่้็์ัำๆฤ', ['windows-874']),
  {
    letters:
      '的一是不了在人有我他这中大来上个国和说们为子到时地出就以可会年生那要得着家学对里后小自么之心天多然能好都起发成事只作当想看文无开手用主行方又如前所本见经头面公同己老从动两长知样现分将外但身些与高意进把法定实业部产电名数市新区路号店司有限北京海南州单价格订日期',
    encodings: ['gbk'],
    commonLeads: [0xb0, 0xd7],
    script: 'east-asian',
  },
  {
    letters:
      '的一是不了在人有我他這中大來上個國和說們為子到時地出就以可會年生那要得著家學對里後小自麼之心天多然能好都起發成事只作當想看文無開手用主行方又如前所本見經頭面公同己老從動兩長知樣現分將外但身些與高意進把法定實業部產電名數市新區路號店司有限台北灣單價格訂日期',
    encodings: ['big5'],
    commonLeads: [0xa4, 0xc6],
    script: 'east-asian',
  },
  {
    letters:
      'のにるたとはしをでいがてなれらりこかさもすくまきんっうけめよつあせどえやじおだそばみわろべ日本人大年一会国中東京名前市区番号注文商品価格',
    encodings: ['shift_jis', 'euc-jp'],
    script: 'east-asian',
    others: /^[ァ-ヺー]$/,
  },
  {
    letters:
      '이다는을의에고하가지로기서한은도를자사대나어그아있리시니스인해정보전들부수일제라주상만여게것안구조과장적으화면성비용원문서울동산시경오마음년월번호상품격',
    encodings: ['euc-kr'],
    script: 'east-asian',
    commonLeads: [0xb0, 0xc8],
  },
];
