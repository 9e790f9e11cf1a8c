/** The rows of a log.jsonl: one value an epoch for every column, NaN where a line does not have it. */
export interface LogRows {
  readonly rows: number;
  /** In the order in which the columns first appear. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Above this, a list of a file's problems helps nobody. */
const mostProblems = 5;

/**
 * @param epochs of the run's config: rows are epochs 0..epochs at most
 * @returns the rows, or the first problems as `file:line field: what is wrong`
 */
export function readLogRows(text: string, file: string, epochs: number): LogRows | readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) return [`${file}:1 is empty: it needs a JSON object an epoch`];
  const columns = new Map<string, Float64Array>();
  const problems: string[] = [];
  let rows = 0;
  for (const [index, line] of lines.entries()) {
    if (problems.length >= mostProblems) break;
    const at = `${file}:${index + 1}`;
    const entries = parseLine(line);
    if (typeof entries === 'string') {
      problems.push(`${at} ${entries}`);
      continue;
    }
    const epoch = entries.find(([column]) => column === 'epoch')?.[1];
    if (typeof epoch !== 'number' || !Number.isInteger(epoch) || epoch < rows || epoch > epochs) {
      problems.push(
        `${at} epoch: must be a whole number in ${rows}..${epochs}, larger at every line, got ${JSON.stringify(epoch)}`,
      );
      continue;
    }
    rows = epoch + 1;
    for (const [column, value] of entries) {
      if (column === 'epoch' || value === null) continue;
      if (typeof value !== 'number') {
        problems.push(`${at} ${column}: must be a number or null, got ${JSON.stringify(value)}`);
        continue;
      }
      let values = columns.get(column);
      if (values === undefined) {
        values = new Float64Array(epochs + 1).fill(Number.NaN);
        columns.set(column, values);
      }
      values[epoch] = value;
    }
  }
  if (problems.length > 0) return problems;
  if (columns.size === 0) return [`${file}:1 holds epochs, but no measured column`];
  return {
    rows,
    columns: new Map([...columns].map(([column, values]) => [column, values.subarray(0, rows)])),
  };
}

/** @returns the line's members, or what is wrong with it */
function parseLine(line: string): [string, unknown][] | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    try {
      value = JSON.parse(fromPython(line));
    } catch (error) {
      return `is not JSON (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `must be a JSON object, got ${line.slice(0, 40)}`;
  }
  return Object.entries(value);
}

/** Python's json module writes NaN, Infinity and -Infinity, which are not JSON. */
function fromPython(line: string): string {
  return line.replaceAll(/(:\s*)(NaN|-?Infinity)(?=\s*[,}])/g, (_, colon: string, name: string) => {
    if (name === 'NaN') return `${colon}null`;
    return `${colon}${name.startsWith('-') ? '-' : ''}1e999`;
  });
}
