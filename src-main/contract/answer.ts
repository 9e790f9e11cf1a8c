import { ORPCError, ValidationError } from '@orpc/contract';
import { inputProblems } from '#shared/contract/input-problems.ts';
import { pack } from '#shared/contract/packed.ts';
import type { Problem } from '#shared/models/problem.ts';
import { ProblemError } from '#shared/models/problem.ts';

/** Hears of every error that nobody expected, with the operation it happened in. */
export type BugListener = (error: unknown, operation: string) => void;

/** Where in a call this stands: around the operation and the check of its input. */
interface Call {
  readonly path: readonly string[];
  readonly input: unknown;
  next(): Promise<unknown>;
}

/** A result made ready to travel; a failure as one of the contract's errors; anything else reported, and told without its insides. */
export async function answer({ path, input, next }: Call, onBug: BugListener): Promise<unknown> {
  const operation = path.join('.');
  try {
    return travelling(await next());
  } catch (error) {
    if (error instanceof ProblemError) throw refusal(error.problems);
    if (isInputRefusal(error)) throw refusal(inputProblems(operation, input, error.cause.issues));
    onBug(error, operation);
    throw new ORPCError('INTERNAL_SERVER_ERROR', {
      message: `${operation} failed through a fault in the lab itself; nothing was lost. Its log has the details.`,
    });
  }
}

function travelling(output: unknown): unknown {
  if (typeof output === 'object' && output !== null && Symbol.asyncIterator in output) return output;
  const { value, places, bytes } = pack(output);
  // As text: `pack` has made it plain JSON already, and oRPC's own walk over it takes longer than all the rest of a large table.
  const json = JSON.stringify(value);
  // As base64: oRPC would make a multipart form of a Blob, which a browser has to take apart again (decision 14).
  return places.length === 0
    ? { json }
    : {
        json,
        packed: {
          places,
          bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
        },
      };
}

function refusal(problems: readonly Problem[]): ORPCError<string, { readonly problems: readonly Problem[] }> {
  const [{ code }] = problems;
  const message = problems.map((problem) => problem.message).join('\n');
  return new ORPCError(code, { status: 422, message, data: { problems } });
}

function isInputRefusal(error: unknown): error is Error & { readonly cause: ValidationError } {
  return error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError;
}
