/*
 * SVG as text, for the figures that are drawn without a library.
 */

/** Null leaves an attribute out. */
export type SvgAttributes = Readonly<Record<string, string | number | null>>;

/** An element; numbers are written to a hundredth. @param content markup, or text that has been through `escaped` */
export function markup(name: string, attributes: SvgAttributes, content = ''): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) =>
      value === null
        ? []
        : [
            ` ${key}="${typeof value === 'number' ? hundredths(value) : escaped(value).replaceAll('"', '&quot;')}"`,
          ],
    )
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export interface SvgPage {
  /** Width on paper. */
  readonly millimetres: number;
  /** In pixels of 96 an inch, as all of the content. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}

/** A whole picture, sized for paper; white behind. */
export function svgPage(page: SvgPage, content: readonly string[]): string {
  const { millimetres, width, height, fontFamily, fontSize } = page;
  return markup(
    'svg',
    {
      width: `${millimetres}mm`,
      height: `${hundredths((millimetres * height) / width)}mm`,
      viewBox: `0 0 ${hundredths(width)} ${hundredths(height)}`,
      xmlns: 'http://www.w3.org/2000/svg',
      'font-family': fontFamily,
      'font-size': fontSize,
    },
    [
      markup('title', {}, escaped(page.title)),
      markup('rect', { width, height, fill: '#ffffff' }),
      ...content,
    ].join(''),
  );
}

/** The size on paper that a picture has, in millimetres. @throws TypeError when it says none */
export function paperSize(svg: string): { readonly width: number; readonly height: number } {
  const [width, height] = (/^<svg width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg) ?? [])
    .slice(1)
    .map(Number);
  if (!(width > 0 && height > 0)) throw new TypeError(`no size in millimetres: ${svg.slice(0, 80)}`);
  return { width, height };
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
