import { readFileSync } from 'node:fs';

/** What test/fixtures/numpy/make.py wrote; the arrays both sides compute from are base64 of their little-endian bytes. */
export function readNumpyFixture(name: 'repulsion' | 'gram' | 'gradient' | 'spectrum'): string {
  return readFileSync(new URL(`../../fixtures/numpy/${name}.json`, import.meta.url), 'utf8');
}

export function float32From(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

export function float64From(base64: string): Float64Array {
  return new Float64Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** Largest |x - y| / max |y|: elementwise agreement on the scale of the whole array. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  }
  return scale > 0 ? worst / scale : worst;
}
