const corner = /([ML])(-?[\d.]+(?:e-?\d+)?)[ ,]?(-?[\d.]+(?:e-?\d+)?)/g;
const onlyCorners = /^(?:[ML]-?[\d.]+(?:e-?\d+)?[ ,]?-?[\d.]+(?:e-?\d+)?)+(Z?)$/;

/**
 * The same SVG with its lines written as steps from corner to corner, to a tenth of a pixel (0.03 mm, finer than a printer's dot): a third
 * of the size. Steps are taken between rounded corners, so that rounding does not add up along a line. Curves are left as they are.
 */
export function shortPaths(svg: string): string {
  const paths = svg.replaceAll(/<poly(line|gon) points="([^"]*)"/g, (_, kind: string, points: string) => {
    const corners = points.trim().split(/[\s,]+/);
    const path = corners.map((number, i) => `${i % 2 === 1 ? ' ' : i === 0 ? 'M' : 'L'}${number}`).join('');
    return `<path d="${path}${kind === 'gon' ? 'Z' : ''}"`;
  });
  return paths
    .replaceAll(/<\/poly(line|gon)>/g, '</path>')
    .replaceAll(/ d="([^"]*)"/g, (whole, path: string) => {
      const closed = onlyCorners.exec(path);
      return closed ? ` d="${steps(path)}${closed[1]}"` : whole;
    });
}

function steps(path: string): string {
  let [x, y] = [0, 0];
  let text = '';
  let before = '';
  for (const [, command, right, down] of path.matchAll(corner)) {
    const [nextX, nextY] = [Math.round(10 * Number(right)), Math.round(10 * Number(down))];
    // Without a letter, a step is taken for one more of the same kind.
    if (command === 'M') text += `M${pair(nextX, nextY)}`;
    else text += `${before === 'M' ? 'l' : ''}${separated(pair(nextX - x, nextY - y), before === 'M')}`;
    [x, y] = [nextX, nextY];
    before = command;
  }
  return text;
}

function pair(tenthsRight: number, tenthsDown: number): string {
  return `${tenths(tenthsRight)}${separated(tenths(tenthsDown), false)}`;
}

/** A sign parts two numbers as well as a space does. */
function separated(number: string, first: boolean): string {
  return first || number.startsWith('-') ? number : ` ${number}`;
}

function tenths(count: number): string {
  return String(count / 10).replace(/^(-?)0\./, '$1.');
}
