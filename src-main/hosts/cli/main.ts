import { enableCompileCache } from 'node:module';
import { compileCache } from '../compile-cache.ts';

enableCompileCache(compileCache);

// Only what is loaded from here on is kept.
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine();
