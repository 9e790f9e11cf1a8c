import { CommanderError } from 'commander';
import { ProblemError } from '#shared/models/problem.ts';
import { createProgram } from './program.ts';
import { exitCodes, nodeTerminal } from './terminal.ts';

/** Runs the command line and gives its exit code. Bad input is a sentence and exit code 2; an error with a stack is ours to mend. */
export async function runCommandLine(): Promise<number> {
  const terminal = nodeTerminal();
  // A reader that went away (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  // Nor is one that read the messages (`2>&1 | head`): what trains goes on unwatched.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    let code: number = exitCodes.done;
    await createProgram(terminal, (result) => {
      code = result;
    }).parseAsync(process.argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
    if (error instanceof ProblemError) {
      for (const { message } of error.problems) terminal.say(message);
      return error.problems.some(({ code }) => code === 'run-failed' || code === 'disk-full')
        ? exitCodes.runFailed
        : exitCodes.badInput;
    }
    throw error;
  }
}
