import { saveFile } from './save-file.ts';

const dotsPerInch = 600;

export function fileName(words: string, ending: string): string {
  return `${words.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${ending}`;
}

export function saveTable(csv: string, words: string): void {
  saveFile(new Blob([csv], { type: 'text/csv' }), fileName(words, 'csv'));
}

/** Saves a picture for paper as it is, or as dots. @param shape its height over its width */
export async function savePicture(
  svg: string,
  words: string,
  format: 'svg' | 'png',
  millimetres: number,
  shape: number,
): Promise<void> {
  const picture = new Blob([svg], { type: 'image/svg+xml' });
  const content = format === 'svg' ? picture : await rasterized(picture, millimetres, shape);
  saveFile(content, fileName(words, format));
}

async function rasterized(svg: Blob, millimetres: number, shape: number): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((millimetres / 25.4) * dotsPerInch);
    canvas.height = Math.round(canvas.width * shape);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error(`a picture of ${canvas.width} x ${canvas.height} dots could not be made`));
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
