/** A text as one cell of a table of comma-separated values. @see RFC 4180 */
export function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
