import path from 'node:path';

/** Where Node keeps what it made of our TypeScript, so that no process strips types and compiles again; 37 MB and half the start of each. */
export const compileCache = path.join(import.meta.dirname, '..', '..', 'dist', 'compile-cache');
