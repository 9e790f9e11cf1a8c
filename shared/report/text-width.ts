/** Letters that take two columns of a terminal: of Chinese, Japanese and Korean, full-width forms, and pictures. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\p{Emoji_Presentation}]/u;
/** Marks that stand on the letter before them. */
const marks = /^\p{M}$/u;

/** Columns of a terminal that a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

function letterWidth(letter: string): number {
  return letter < '\u0300' ? 1 : marks.test(letter) ? 0 : wide.test(letter) ? 2 : 1;
}

/** As much of the text as fits into so many columns, and at least one letter. */
export function cutText(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const letter of text) {
    used += letterWidth(letter);
    if (used > width && end > 0) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

/** With spaces after it, to so many columns. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
