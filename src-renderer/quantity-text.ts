const minute = 60;
const hour = 60 * minute;

/** A length of time in its two largest units: 48 s, 3 min 05 s, 2 h 10 min. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole === 0 && seconds > 0) return 'under 1 s';
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return `${Math.floor(whole / minute)} min ${String(whole % minute).padStart(2, '0')} s`;
  const minutes = Math.round(whole / minute);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size on disk in powers of 1000, two digits: 640 B, 1.3 MB. */
export function bytesText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < byteUnits.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 9.95 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${byteUnits[unit]}`;
}

const grouped = new Intl.NumberFormat('en');

/** A count with its digits in groups: 88,210. */
export function countText(count: number): string {
  return grouped.format(count);
}

/** `1 run`, `2 runs`; `2 studies` where the plural is named. */
export function counted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}
