const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A length of time to two units, as one says it: `0.4 s`, `45 s`, `5 min 40 s`, `2 h 05 min`, `3 d 4 h`.
 * @param seconds finite, >= 0
 * @throws RangeError naming the value otherwise
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new RangeError(`a duration must be finite and >= 0, got ${seconds}`);
  }
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  // Rounded once, before it is cut into units, so that 119.6 s is 2 min and not 1 min 60 s.
  const whole = Math.round(seconds);
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return join(Math.floor(whole / minute), 'min', whole % minute, 's');
  const minutes = Math.round(seconds / minute);
  if (minutes * minute < day) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(seconds / hour);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${large} ${largeUnit}`
    : `${large} ${largeUnit} ${String(small).padStart(largeUnit === 'd' ? 1 : 2, '0')} ${smallUnit}`;
}
