// Prints a digest of what the wasm engine computes for every activation: outputs, gradients, Gram sums.
import { createHash } from 'node:crypto';
import { activationNames } from '#shared/science/activation-name.ts';
import { outputGradient } from '#shared/science/loss.ts';
import { initialWeights } from '#shared/science/random.ts';
import { loadKernels } from '#main/trainer/engines/wasm/load-kernels.ts';
import { KernelEngine } from '#main/trainer/engines/wasm/kernel-engine.ts';
import { engineTask } from '#main/trainer/train.ts';

const hash = createHash('sha256');
for (const activation of activationNames) {
  const task = engineTask({
    seed: 2,
    settings: {
      task: { kind: 'modular-addition', modulus: 11 },
      split: { train: 80 },
      network: { width: 37, activation },
    },
  });
  const engine = new KernelEngine('wasm', task, loadKernels);
  const outputs = engine.forwardTrain(initialWeights(11, 37, 2));
  const { W, V } = engine.backward(outputGradient(outputs, task.split.train.target, 11));
  for (const values of [outputs, W, V]) hash.update(values);
  hash.update(JSON.stringify(engine.gramSums()));
}
process.stdout.write(hash.digest('hex'));
