/*
 * Dates as the system writes them. The formats are made once: `toLocaleString` with options makes one at each call, and a history of 50
 * studies took a third of a second for that.
 */
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const minute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The day of an ISO 8601 date. */
export function dayText(date: string): string {
  return day.format(new Date(date));
}

/** The day and minute of an ISO 8601 date. */
export function minuteText(date: string): string {
  return minute.format(new Date(date));
}
