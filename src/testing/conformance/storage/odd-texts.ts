/** Texts every storage keeps, to the last unit: what means something to SQL, to a collation, to a codec or to a tidy mind. */
export const TEXTS: Readonly<Record<string, string>> = {
  nothing: "",
  "quotes and backslashes": `'"\`\\'; \\\\ \\n "" ''`,
  "a piece of SQL": `'); DROP TABLE users; -- \\' OR 1=1 /* $1 ? :id ?? */`,
  "signs of patterns and templates": "% _ [a] * \\% $x {x} {{x}} #{x} <b>&amp;</b> %s %00 \\u0000 \\x00",
  "what looks like another type": "null",
  "a number with zeros in front": "00441632960000",
  "a number with an exponent": "1e5",
  "a number too large for one": "9007199254740993.0",
  "a piece of JSON": '{"a":[1,null]}',
  "emoji of one and of many parts": "😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇺 👍🏽",
  "the same letters composed and with combining marks": "é e\u0301 Å \u212b ạ\u0308 ﬁ",
  "spaces at both ends": "  a  ",
  "only spaces": "   ",
  "line ends and tabs": "\r\n a \n\r\t \u0085 \u2028 \u2029",
  "control characters": "\u0001 \u0008 \u001a \u001b[31m \u007f \u009f",
  "what is not seen": "\ufeff a \u200b b \u200d c \u00ad d \u00a0",
  "writing from right to left": "שלום \u202eabc\u202c مرحبا",
  "the last of each plane": "\ud7ff \ue000 \ufffd \uffff \u{1ffff} \u{10ffff}",
  "one hundred units of three bytes each": "€".repeat(100),
  "one hundred units, two for each sign": "😀".repeat(50),
};

/** Texts a storage keeps exactly or refuses: NUL ends a text for some, half a surrogate pair has no UTF-8. */
export const DOUBTFUL_TEXTS: Readonly<Record<string, string>> = {
  "a NUL": "\0",
  "a NUL inside": "a\0b",
  "a NUL at the end": "a\0",
  "the first half of a pair": "a\ud83d",
  "the second half of a pair": "\ude00a",
  "the halves of a pair in the wrong order": "\ude00\ud83d",
};

/** Pairs of texts a careless collation or comparison takes for the same. */
export const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ["a", "A"],
  ["1", "1 "],
  ["1", " 1"],
  ["1", "01"],
  ["1", "+1"],
  ["1", "1.0"],
  ["1", "1\t"],
  ["", " "],
  ["é", "e\u0301"],
  ["é", "e"],
  ["ß", "ss"],
  ["ﬁ", "fi"],
  ["Å", "\u212b"],
  ["İ", "i"],
  ["ａ", "a"],
  ["１", "1"],
  ["1", "1\u200d"],
  ["1", "\ufeff1"],
  ["😀", "😁"],
  ["%", "1"],
  ["_", "1"],
];
