import { withDensity } from '#shared/figures/png-density.ts';
import { paperSize } from '#shared/figures/svg-markup.ts';
import { saveFile } from './save-file.ts';

const dotsPerInch = 600;

export type PictureFormat = 'svg' | 'png';

export function saveTable(csv: Blob | string, words: string): void {
  saveFile(new Blob([csv], { type: 'text/csv' }), fileName(words, 'csv'));
}

/** Saves a picture for paper as it is, or as dots. */
export async function savePicture(svg: Blob | string, words: string, format: PictureFormat): Promise<void> {
  const picture = new Blob([svg], { type: 'image/svg+xml' });
  const content = format === 'svg' ? picture : await rasterized(picture);
  saveFile(content, fileName(words, format));
}

function fileName(words: string, ending: string): string {
  return `${words.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${ending}`;
}

/** At 600 dots an inch, with its size on paper in the file. */
async function rasterized(svg: Blob): Promise<Blob> {
  const { width, height } = paperSize(await svg.text());
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((width / 25.4) * dotsPerInch);
    canvas.height = Math.round((height / 25.4) * dotsPerInch);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error(`a picture of ${canvas.width} x ${canvas.height} dots could not be made`));
      }, 'image/png');
    });
    const bytes = withDensity(new Uint8Array(await png.arrayBuffer()), dotsPerInch);
    return new Blob([bytes], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
}
