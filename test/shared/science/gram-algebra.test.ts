// Oracle: the definitions, by triple loops.
import { describe, expect, it } from 'vitest';
import { plainAlgebra, readFrom } from '#shared/science/gram-algebra.ts';
import { centreColumns } from '#shared/science/gram.ts';
import { relativeDifference } from './numpy-fixture.ts';

/** Past one block of 128 columns. */
const [n, width] = [40, 133];
const values = Float32Array.from({ length: n * width }, (_, i) => Math.sin(i * i));
const features = readFrom(values, width);
const vectors = Float64Array.from({ length: 3 * width }, (_, i) => Math.cos(i * i));

describe('plainAlgebra', () => {
  it('combines the columns of the centred features', () => {
    const centred = centreColumns(values, n, width);
    const expected = Float64Array.from({ length: 3 * n }, (_, at) => {
      let sum = 0;
      for (let j = 0; j < width; j++) {
        sum += vectors[Math.floor(at / n) * width + j] * centred[(at % n) * width + j];
      }
      return sum;
    });
    expect(relativeDifference(plainAlgebra({ features, n, width }).combine(vectors), expected)).toBeLessThan(
      1e-13,
    );
  });

  it('solves so that G + ridge I gives the vectors back, at one ridge and then at another', () => {
    const algebra = plainAlgebra({ features, n, width });
    for (const ridge of [3, 0.5]) {
      algebra.factor(ridge);
      const x = algebra.solve(vectors);
      const inverse = algebra.invert();
      const back = Float64Array.from({ length: x.length }, (_, at) => {
        const [row, j] = [Math.floor(at / width), at % width];
        let sum = ridge * x[at];
        for (let l = 0; l < width; l++) sum += algebra.gram[j * width + l] * x[row * width + l];
        return sum;
      });
      expect(relativeDifference(back, vectors)).toBeLessThan(1e-12);
      const byInverse = Float64Array.from({ length: x.length }, (_, at) => {
        const [row, j] = [Math.floor(at / width), at % width];
        let sum = 0;
        for (let l = 0; l < width; l++) sum += inverse[j * width + l] * vectors[row * width + l];
        return sum;
      });
      expect(relativeDifference(byInverse, x)).toBeLessThan(1e-11);
    }
  });
});
