import { enableCompileCache } from 'node:module';

// Stripping types and compiling is half of a command's start: kept for the next command and for the trainers this one starts.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;

// Only what is loaded from here on is kept.
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine();
