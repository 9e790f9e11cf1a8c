/** Two runs that a real core trains in well under a second, with a probe. */
export const quickStudy = `study: Quick
task: { kind: modular-addition, modulus: 5 }
split: { train: 10 }
network: { width: 8 }
epochs: 20
seeds: [0, 1]
probes:
  repulsion: { epochs: [0, 10], pairs: 4, ridge: [0.01] }
`;
