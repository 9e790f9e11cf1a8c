/** sigma of F = sigma(h): x^2, relu, silu, gelu (exact erf), relu^2, x^3, x^4. */
export const activationNames = ['square', 'relu', 'silu', 'gelu', 'relu-square', 'cube', 'quartic'] as const;
export type ActivationName = (typeof activationNames)[number];
